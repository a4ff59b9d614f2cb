#include "routerd/core/treap.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <vector>

namespace routerd::core {
namespace {

struct Keys {
  std::vector<int> key;
  std::vector<TreapNode> nodes;
  TreapNode& node(std::uint32_t i) { return nodes[i]; }
  [[nodiscard]] const TreapNode& node(std::uint32_t i) const { return nodes[i]; }
  [[nodiscard]] bool Less(std::uint32_t i, std::uint32_t j) const {
    return key[i] != key[j] ? key[i] < key[j] : i < j;
  }
};

TEST(Treap, AgreesWithASet) {
  std::mt19937 random(7);
  constexpr std::uint32_t kElements = 200;
  Keys keys{std::vector<int>(kElements), std::vector<TreapNode>(kElements)};
  std::set<std::pair<int, std::uint32_t>> expected;
  std::vector<bool> in(kElements, false);
  std::uint32_t root = TreapNode::kNil;
  for (int step = 0; step < 20'000; ++step) {
    const auto i = static_cast<std::uint32_t>(random() % kElements);
    if (in[i]) {
      Treap<Keys>::Erase(keys, root, i);
      expected.erase({keys.key[i], i});
    } else {
      keys.key[i] = static_cast<int>(random() % 50);
      Treap<Keys>::Insert(keys, root, i);
      expected.insert({keys.key[i], i});
    }
    in[i] = !in[i];
    std::uint32_t at = Treap<Keys>::First(keys, root);
    for (const auto& [key, element] : expected) {
      ASSERT_EQ(at, element);
      at = Treap<Keys>::After(keys, root, at);
    }
    ASSERT_EQ(at, TreapNode::kNil);
  }
}

}  // namespace
}  // namespace routerd::core

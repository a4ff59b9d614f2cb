// The treap with sums against a sorted list.
#include "routerd/core/sum_treap.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace routerd::core {
namespace {

struct SumElement {
  TreapNode node;
  std::uint32_t sum = 0;
  std::uint32_t weight = 1;
  int key = 0;
};

struct SumElements {
  std::vector<SumElement>& all;
  [[nodiscard]] TreapNode& node(std::uint32_t i) const { return all[i].node; }
  [[nodiscard]] std::uint32_t& sum(std::uint32_t i) const { return all[i].sum; }
  [[nodiscard]] std::uint32_t weight(std::uint32_t i) const { return all[i].weight; }
  [[nodiscard]] bool Less(std::uint32_t i, std::uint32_t j) const {
    return all[i].key != all[j].key ? all[i].key < all[j].key : i < j;
  }
};

using Tree = SumTreap<SumElements>;

TEST(SumTreap, AgreesWithASortedList) {
  std::mt19937_64 random(5);
  std::vector<SumElement> all(300);
  for (SumElement& e : all) {
    e.key = static_cast<int>(random() % 4);
    e.weight = 1 + static_cast<std::uint32_t>(random() % 5);
  }
  const SumElements nodes{all};
  std::uint32_t root = Tree::kNil;
  std::vector<std::uint32_t> in;
  for (int step = 0; step < 5'000; ++step) {
    const auto i = static_cast<std::uint32_t>(random() % all.size());
    const auto at = std::find(in.begin(), in.end(), i);
    if (at == in.end()) {
      Tree::Insert(nodes, root, i);
      in.push_back(i);
    } else {
      Tree::Erase(nodes, root, i);
      in.erase(at);
    }
    std::sort(in.begin(), in.end(), [&](auto a, auto b) { return nodes.Less(a, b); });
    std::uint64_t sum = 0;
    std::uint64_t small = 0;
    for (const std::uint32_t e : in) {
      ASSERT_EQ(Tree::At(nodes, root, sum), e);
      sum += all[e].weight;
      ASSERT_EQ(Tree::At(nodes, root, sum - 1), e);
      if (all[e].key < 2) small = sum;
    }
    ASSERT_EQ(Tree::SumWhile(nodes, root, [](std::uint32_t) { return true; }), sum);
    ASSERT_EQ(Tree::SumWhile(nodes, root, [&](std::uint32_t e) { return all[e].key < 2; }), small);
    ASSERT_EQ(Treap<SumElements>::First(nodes, root), in.empty() ? Tree::kNil : in.front());
  }
}

}  // namespace
}  // namespace routerd::core

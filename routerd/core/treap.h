// An ordered set whose nodes live in their owner's arrays: inserting and erasing never allocate.
// A treap (Aragon and Seidel, "Randomized search trees") whose priorities are a fixed mix of the
// element's number, so that its shape, and all it ever answers, is the same on every run.
#pragma once

#include <cstdint>

#include "routerd/base/hash.h"

namespace routerd::core {

struct TreapNode {
  static constexpr std::uint32_t kNil = ~0U;
  std::uint32_t left = kNil;
  std::uint32_t right = kNil;
};

// Nodes: gives `TreapNode& node(i)` and `bool Less(i, j)`, a strict total order that does not
// change for an element while it is in the set. Elements are 32-bit numbers.
template <typename Nodes>
class Treap {
 public:
  static constexpr std::uint32_t kNil = TreapNode::kNil;

  [[nodiscard]] static std::uint32_t First(const Nodes& nodes, std::uint32_t root) {
    if (root == kNil) return kNil;
    while (nodes.node(root).left != kNil) root = nodes.node(root).left;
    return root;
  }

  // The least element greater than `i`, which need not be in the set.
  [[nodiscard]] static std::uint32_t After(const Nodes& nodes, std::uint32_t root,
                                           std::uint32_t i) {
    std::uint32_t best = kNil;
    while (root != kNil) {
      if (nodes.Less(i, root)) {
        best = root;
        root = nodes.node(root).left;
      } else {
        root = nodes.node(root).right;
      }
    }
    return best;
  }

  static void Insert(Nodes& nodes, std::uint32_t& root, std::uint32_t i) {
    std::uint32_t* link = &root;
    const std::uint64_t rank = Rank(i);
    while (*link != kNil && Rank(*link) >= rank) {
      TreapNode& at = nodes.node(*link);
      link = nodes.Less(i, *link) ? &at.left : &at.right;
    }
    // Split what hangs here around i.
    std::uint32_t rest = *link;
    *link = i;
    TreapNode& mine = nodes.node(i);
    std::uint32_t* less = &mine.left;
    std::uint32_t* more = &mine.right;
    while (rest != kNil) {
      if (nodes.Less(rest, i)) {
        *less = rest;
        less = &nodes.node(rest).right;
        rest = *less;
      } else {
        *more = rest;
        more = &nodes.node(rest).left;
        rest = *more;
      }
    }
    *less = kNil;
    *more = kNil;
  }

  // `i` must be in the set.
  static void Erase(Nodes& nodes, std::uint32_t& root, std::uint32_t i) {
    std::uint32_t* link = &root;
    while (*link != i) {
      TreapNode& at = nodes.node(*link);
      link = nodes.Less(i, *link) ? &at.left : &at.right;
    }
    std::uint32_t left = nodes.node(i).left;
    std::uint32_t right = nodes.node(i).right;
    while (left != kNil && right != kNil) {
      if (Rank(left) >= Rank(right)) {
        *link = left;
        link = &nodes.node(left).right;
        left = *link;
      } else {
        *link = right;
        link = &nodes.node(right).left;
        right = *link;
      }
    }
    *link = left != kNil ? left : right;
    nodes.node(i) = TreapNode{};
  }

  static std::uint64_t Rank(std::uint32_t i) { return Mix64(i + 0x9e3779b97f4a7c15ULL); }
};

}  // namespace routerd::core

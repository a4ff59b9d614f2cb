// The treap of treap.h with a sum of weights at every node, so that an element can be drawn in
// proportion to its weight. Recursive: it is as deep as the tree, about twice log2 of its size.
#pragma once

#include <cstdint>

#include "routerd/core/treap.h"

namespace routerd::core {

// Nodes, besides: `std::uint32_t& sum(i)` and `std::uint32_t weight(i)`, which does not change for
// an element while it is in the set.
template <typename Nodes>
class SumTreap {
 public:
  static constexpr std::uint32_t kNil = TreapNode::kNil;

  static void Insert(const Nodes& nodes, std::uint32_t& root, std::uint32_t i) {
    if (root == kNil || Rank(root) < Rank(i)) {
      TreapNode& mine = nodes.node(i);
      Split(nodes, root, i, mine.left, mine.right);
      root = i;
    } else {
      TreapNode& at = nodes.node(root);
      Insert(nodes, nodes.Less(i, root) ? at.left : at.right, i);
    }
    Update(nodes, root);
  }

  // `i` must be in the set.
  static void Erase(const Nodes& nodes, std::uint32_t& root, std::uint32_t i) {
    if (root == i) {
      root = Merge(nodes, nodes.node(i).left, nodes.node(i).right);
      nodes.node(i) = TreapNode{};
      return;
    }
    TreapNode& at = nodes.node(root);
    Erase(nodes, nodes.Less(i, root) ? at.left : at.right, i);
    Update(nodes, root);
  }

  // The weights of the leading elements for which `leads` is true, as it is of none after them.
  template <typename Leads>
  [[nodiscard]] static std::uint64_t SumWhile(const Nodes& nodes, std::uint32_t root,
                                              const Leads& leads) {
    std::uint64_t sum = 0;
    while (root != kNil) {
      if (leads(root)) {
        sum += SumOf(nodes, nodes.node(root).left) + nodes.weight(root);
        root = nodes.node(root).right;
      } else {
        root = nodes.node(root).left;
      }
    }
    return sum;
  }

  // The element at `offset` where each is as long as its weight; offset < the sum of all.
  [[nodiscard]] static std::uint32_t At(const Nodes& nodes, std::uint32_t root,
                                        std::uint64_t offset) {
    for (;;) {
      const std::uint64_t before = SumOf(nodes, nodes.node(root).left);
      if (offset < before) {
        root = nodes.node(root).left;
      } else if (offset < before + nodes.weight(root)) {
        return root;
      } else {
        offset -= before + nodes.weight(root);
        root = nodes.node(root).right;
      }
    }
  }

 private:
  static std::uint64_t Rank(std::uint32_t i) { return Treap<Nodes>::Rank(i); }
  static std::uint32_t SumOf(const Nodes& nodes, std::uint32_t i) {
    return i == kNil ? 0 : nodes.sum(i);
  }
  static void Update(const Nodes& nodes, std::uint32_t i) {
    nodes.sum(i) =
        SumOf(nodes, nodes.node(i).left) + nodes.weight(i) + SumOf(nodes, nodes.node(i).right);
  }
  static void Split(const Nodes& nodes, std::uint32_t root, std::uint32_t i, std::uint32_t& less,
                    std::uint32_t& more) {
    if (root == kNil) {
      less = more = kNil;
      return;
    }
    TreapNode& at = nodes.node(root);
    if (nodes.Less(root, i)) {
      less = root;
      Split(nodes, at.right, i, at.right, more);
    } else {
      more = root;
      Split(nodes, at.left, i, less, at.left);
    }
    Update(nodes, root);
  }
  static std::uint32_t Merge(const Nodes& nodes, std::uint32_t a, std::uint32_t b) {
    if (a == kNil || b == kNil) return a == kNil ? b : a;
    const bool first = Rank(a) >= Rank(b);
    if (first) {
      nodes.node(a).right = Merge(nodes, nodes.node(a).right, b);
    } else {
      nodes.node(b).left = Merge(nodes, a, nodes.node(b).left);
    }
    Update(nodes, first ? a : b);
    return first ? a : b;
  }
};

}  // namespace routerd::core

// Growing without moving: from some thousands of elements on, room for as many as there may ever
// be, in one piece. Memory that nobody has touched costs nothing; a list that doubles would copy
// all its elements in the event that brings one more.
#pragma once

#include <algorithm>
#include <cstddef>
#include <new>
#include <vector>

namespace routerd::core {

// Before an element is added to `list`, which has `most` at most.
template <typename T>
void ReserveAll(std::vector<T>& list, std::size_t most) {
  constexpr std::size_t kFrom = 4'096;
  if (list.size() < list.capacity() || list.size() < kFrom || list.capacity() >= most) return;
  try {
    list.reserve(most);
  } catch (const std::bad_alloc&) {
    // Where a machine promises no more memory than it has, the list doubles.
  }
}

template <typename T>
void ReserveSpareSlowly(std::vector<T>& list, std::size_t spare, std::size_t most) {
  constexpr std::size_t kFrom = 4'096;
  if (list.capacity() >= most) return;
  if (list.size() < kFrom) return list.reserve(2 * (list.size() + spare));
  try {
    list.reserve(most);
  } catch (const std::bad_alloc&) {
    list.reserve(2 * (list.size() + spare));
  }
}

// Before an event in which up to `spare` elements may be added while references to others are held:
// the list does not move for them.
template <typename T>
void ReserveSpare(std::vector<T>& list, std::size_t spare, std::size_t most) {
  if (list.capacity() - list.size() < spare) ReserveSpareSlowly(list, spare, most);
}

// Of a list that is filled at once: as it would be if it had grown to `size`.
template <typename T>
void ResizeAhead(std::vector<T>& list, std::size_t size, std::size_t most) {
  constexpr std::size_t kFrom = 4'096;
  try {
    if (size >= kFrom) list.reserve(std::max(size, most));
  } catch (const std::bad_alloc&) {
    // As above.
  }
  list.resize(size);
}

}  // namespace routerd::core

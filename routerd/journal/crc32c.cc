#include "routerd/journal/crc32c.h"

#include <array>
#include <cstddef>
#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace routerd::journal {
namespace {

constexpr std::uint32_t kPolynomial = 0x82f63b78;  // reflected

// [k][b]: what byte b does to the checksum when k more bytes follow it.
constexpr std::array<std::array<std::uint32_t, 256>, 8> MakeCrcTables() {
  std::array<std::array<std::uint32_t, 256>, 8> tables{};
  for (std::uint32_t b = 0; b < 256; ++b) {
    std::uint32_t crc = b;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? kPolynomial : 0);
    tables[0][b] = crc;
  }
  for (std::size_t k = 1; k < 8; ++k) {
    for (std::size_t b = 0; b < 256; ++b) {
      tables[k][b] = (tables[k - 1][b] >> 8) ^ tables[0][tables[k - 1][b] & 0xff];
    }
  }
  return tables;
}

constexpr auto kCrcTables = MakeCrcTables();

}  // namespace

std::uint32_t Crc32cByTable(std::string_view bytes, std::uint32_t before) {
  std::uint32_t crc = ~before;
  const auto* p = reinterpret_cast<const unsigned char*>(bytes.data());
  std::size_t left = bytes.size();
  for (; left >= 8; left -= 8, p += 8) {
    const auto mixed = [&](unsigned i) { return p[i] ^ ((crc >> (8 * i)) & 0xff); };
    crc = kCrcTables[7][mixed(0)] ^ kCrcTables[6][mixed(1)] ^ kCrcTables[5][mixed(2)] ^
          kCrcTables[4][mixed(3)] ^ kCrcTables[3][p[4]] ^ kCrcTables[2][p[5]] ^
          kCrcTables[1][p[6]] ^ kCrcTables[0][p[7]];
  }
  for (; left > 0; --left, ++p) crc = (crc >> 8) ^ kCrcTables[0][(crc ^ *p) & 0xff];
  return ~crc;
}

#if defined(__x86_64__)

bool HasCrc32cInstruction() { return __builtin_cpu_supports("sse4.2") != 0; }

__attribute__((target("sse4.2"))) std::uint32_t Crc32cByInstruction(std::string_view bytes,
                                                                    std::uint32_t before) {
  std::uint64_t crc = static_cast<std::uint32_t>(~before);
  const char* p = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 8; left -= 8, p += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, p, 8);
    crc = _mm_crc32_u64(crc, word);
  }
  auto last = static_cast<std::uint32_t>(crc);
  for (; left > 0; --left, ++p) last = _mm_crc32_u8(last, static_cast<unsigned char>(*p));
  return ~last;
}

#else

bool HasCrc32cInstruction() { return false; }

std::uint32_t Crc32cByInstruction(std::string_view bytes, std::uint32_t before) {
  return Crc32cByTable(bytes, before);
}

#endif

std::uint32_t Crc32c(std::string_view bytes, std::uint32_t before) {
  static const bool has_instruction = HasCrc32cInstruction();
  return has_instruction ? Crc32cByInstruction(bytes, before) : Crc32cByTable(bytes, before);
}

}  // namespace routerd::journal

// CRC-32C (Castagnoli; RFC 3720, appendix B.4), the checksum of everything the journal writes.
#pragma once

#include <cstdint>
#include <string_view>

namespace routerd::journal {

// Of what came before, whose checksum is `before`, and `bytes`. By the processor's own instruction
// where it has one.
[[nodiscard]] std::uint32_t Crc32c(std::string_view bytes, std::uint32_t before = 0);

// ---- The two ways, for tests ----
[[nodiscard]] std::uint32_t Crc32cByTable(std::string_view bytes, std::uint32_t before = 0);
[[nodiscard]] bool HasCrc32cInstruction();
// Only where HasCrc32cInstruction().
[[nodiscard]] std::uint32_t Crc32cByInstruction(std::string_view bytes, std::uint32_t before = 0);

}  // namespace routerd::journal

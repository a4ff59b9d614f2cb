// Payment card numbers in texts that people or gateways wrote. Whoever stores one is bound by the
// card schemes' rules (PCI DSS); routerd has no use for any, and takes none.
#pragma once

#include <string_view>

namespace routerd::api {

// Whether `text` has in it what reads as the number of a payment card: 13 to 19 digits, as one run
// or as runs with one blank or hyphen between them, not beside a further digit; beginning as
// issuers in use do (2 to 6, but not 20); with a right check digit (Luhn, ISO/IEC 7812-1 annex B).
// Further runs may stand before and behind it: a number is found with an expiry date or a check
// code after it.
//
// Of other numbers of that length and beginning one in ten has a right check digit. Therefore only
// attributes are searched, and not ids, customer keys or endpoints: customer numbers of 16 digits
// are common, and an id that is refused is a contact that is not routed. Two kinds that are in
// attributes more often than cards are left out: times written as digits (20240517103000: no
// issuer's numbers begin with 20) and UUIDs.
//
// Takes time in proportion to the text. Only ASCII digits count.
[[nodiscard]] bool HasCardNumber(std::string_view text);

}  // namespace routerd::api

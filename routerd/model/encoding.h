// The model's canonical encoding: the same model gives the same bytes on every machine. It is what
// a policy event carries through the journal. Little-endian, versioned; older versions are read,
// and what they did not know is at its default; unknown versions are refused.
#pragma once

#include <string>
#include <string_view>

#include "routerd/base/status.h"
#include "routerd/model/model.h"

namespace routerd::model {

inline constexpr std::uint32_t kEncodingVersion = 2;        // of what is written
inline constexpr std::uint32_t kOldestEncodingVersion = 1;  // of what is read

std::string Encode(const Model& model);
// kInvalidArgument for anything that Encode did not write; never reads outside `bytes`.
Result<Model> Decode(std::string_view bytes);

}  // namespace routerd::model

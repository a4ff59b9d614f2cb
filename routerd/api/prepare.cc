#include "routerd/api/prepare.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include "routerd/base/hash.h"
#include "routerd/base/limits.h"

namespace routerd::api {
namespace {

// In a session a header may leave out what Hello has said, and must not contradict it.
void FillClient(const v1::RequestHeader& header, const Scope& scope, Check& check,
                engine::Envelope* envelope) {
  if (!scope.in_session()) {
    check.Id("header.client", header.client());
    envelope->client = header.client();
    return;
  }
  if (!header.client().empty() && header.client() != scope.client) {
    check.Wrong("header.client", "empty, or the client of the session's Hello");
  }
  if (header.request_id().empty()) check.Wrong("header.request_id", "is required in a session");
  envelope->client = scope.client;
}

}  // namespace

Status CheckDomain(const std::string& domain, const std::string& own) {
  if (domain.empty() ? own == "default" : domain == own) return Status::Ok();
  return Status(Code::kNotFound, "this router serves the domain " + own + " only")
      .WithReason("unknown_domain");
}

Status FillEnvelope(const v1::RequestHeader& header, const Scope& scope, Check& check,
                    engine::Envelope* envelope) {
  if (!scope.in_session() || !header.domain().empty()) {
    Status status = CheckDomain(header.domain(), scope.domain);
    if (!status.ok()) return status;
  }
  FillClient(header, scope, check, envelope);
  check.Text("header.request_id", header.request_id(), limits::kMaxRequestIdBytes);
  check.Text("header.actor", header.actor(), limits::kMaxIdBytes);
  envelope->role = scope.role;
  envelope->session = scope.session;
  envelope->request_id = header.request_id();
  envelope->actor = header.actor().empty() ? scope.actor : header.actor();
  if (envelope->actor.empty()) envelope->actor = envelope->client;
  return Status::Ok();
}

std::uint64_t BodyHash(const google::protobuf::Message& headless) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);  // maps in the order of their keys
    headless.SerializeToCodedStream(&coded);
  }
  Hasher hasher;
  hasher.AddText(headless.GetTypeName());
  hasher.AddText(bytes);
  return hasher.digest();
}

}  // namespace routerd::api

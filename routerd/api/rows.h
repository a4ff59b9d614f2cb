// Rows of the read model as resources.
#pragma once

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include "routerd/api/policy_compiler.h"
#include "routerd/api/read_model.h"
#include "routerd/v1/overrides.pb.h"
#include "routerd/v1/resources.pb.h"

namespace routerd::api {

void Fill(const QueueRow&, v1::Queue*);
void Fill(const engine::AgentView&, v1::Agent*);
void Fill(const engine::ContactView&, v1::Contact*);
void Fill(const DomainRow&, v1::DomainState*);
void Fill(const OverrideRow&, v1::Override*);
void Fill(const PolicyRemark&, v1::PolicyFinding*);
void FillTime(TimeMs unix_ms, google::protobuf::Timestamp*);
void FillSpan(SpanMs span_ms, google::protobuf::Duration*);

}  // namespace routerd::api

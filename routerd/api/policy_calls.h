// Policies over the api: check, apply, get. Compiling takes long and runs on a thread of its own.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "routerd/api/policy_compiler.h"
#include "routerd/api/runtime.h"
#include "routerd/engine/command.h"
#include "routerd/v1/operations.pb.h"

namespace routerd::api {

// One file of at most kMaxPolicyBytes; `request.files` otherwise is refused.
Status CheckFiles(const google::protobuf::RepeatedPtrField<v1::PolicyFile>& files);

void CheckPolicy(const Runtime&, const PolicyCompiler&, const v1::CheckPolicyRequest&,
                 v1::CheckPolicyResponse*);
void GetPolicy(const Runtime&, v1::GetPolicyResponse*);

struct ApplyPolicyOutcome {
  engine::Answer answer;
  std::vector<PolicyRemark> remarks;
  std::string actor;
};

// Compiles against the policy in force and submits. Where another policy gets in between, compiles
// again, a few times. `done` is called once, on any thread.
void ApplyPolicy(Runtime& runtime, const PolicyCompiler& compiler, Executor& background,
                 std::shared_ptr<const v1::ApplyPolicyRequest> request,
                 std::function<void(const ApplyPolicyOutcome&)> done);
bool Respond(const ApplyPolicyOutcome&, const v1::ApplyPolicyRequest&, v1::ApplyPolicyResponse*);

}  // namespace routerd::api

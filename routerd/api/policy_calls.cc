#include "routerd/api/policy_calls.h"

#include <optional>
#include <utility>

#include "routerd/api/errors.h"
#include "routerd/api/prepare.h"
#include "routerd/api/rows.h"
#include "routerd/api/views.h"
#include "routerd/api/words.h"

namespace routerd::api {
namespace {

constexpr int kAttempts = 3;  // at compiling against a policy that stays in force meanwhile

std::shared_ptr<const model::Model> InForce(const Runtime& runtime) {
  const auto policy = runtime.service.policy();
  return policy ? policy->model : nullptr;
}

Status Refused(const std::vector<PolicyRemark>& remarks) {
  Check check;
  for (const PolicyRemark& remark : remarks) {
    if (!remark.error) continue;
    check.Wrong(
        remark.file + ':' + std::to_string(remark.line) + ':' + std::to_string(remark.column),
        remark.hint.empty() ? remark.message : remark.message + " (" + remark.hint + ')');
  }
  return check.status();
}

// One ApplyPolicy on its way.
class Applying : public std::enable_shared_from_this<Applying> {
 public:
  Applying(Runtime& runtime, const PolicyCompiler& compiler, Executor& background,
           std::shared_ptr<const v1::ApplyPolicyRequest> request,
           std::function<void(const ApplyPolicyOutcome&)> done)
      : runtime_(runtime),
        compiler_(compiler),
        background_(background),
        request_(std::move(request)),
        done_(std::move(done)) {}

  void Start() {
    background_.Post([self = shared_from_this()] { self->Try(); });
  }

 private:
  void Try() {
    engine::Envelope envelope;
    Status status = FillHeader(&envelope);
    if (!status.ok()) return Fail(std::move(status));
    outcome_.actor = envelope.actor;
    const auto in_force = InForce(runtime_);
    const v1::PolicyFile& file = request_->files(0);
    CompiledPolicy compiled = compiler_(file.text(), file.path(), in_force.get());
    outcome_.remarks = std::move(compiled.remarks);
    if (!compiled.model) return Fail(Refused(outcome_.remarks));
    envelope.command = engine::ApplyPolicy{
        std::move(compiled.model), file.text(), request_->comment(),
        request_->has_expected_version() ? std::optional(request_->expected_version())
                                         : std::nullopt,
        std::move(compiled.calendar)};
    envelope.done = [self = shared_from_this()](const engine::Answer& answer) {
      self->Answered(answer);
    };
    runtime_.service.Submit(std::move(envelope));
  }

  Status FillHeader(engine::Envelope* envelope) {
    Check check;
    const Scope scope{engine::Role::kOperations, runtime_.service.domain(), {}, {}, {}};
    Status status = FillEnvelope(request_->header(), scope, check, envelope);
    if (!status.ok()) return status;
    check.Text("comment", request_->comment(), limits::kMaxCommentBytes);
    if (!envelope->request_id.empty()) {
      v1::ApplyPolicyRequest headless = *request_;
      headless.clear_header();
      envelope->body_hash = BodyHash(headless);
    }
    return check.status();
  }

  // On the writer's thread.
  void Answered(const engine::Answer& answer) {
    const bool overtaken = answer.status.reason() == "policy_overtaken";
    if (overtaken && ++attempts_ < kAttempts) return Start();
    outcome_.answer = answer;
    done_(outcome_);
  }

  void Fail(Status status) {
    outcome_.answer = Failed(std::move(status));
    done_(outcome_);
  }

  Runtime& runtime_;
  const PolicyCompiler& compiler_;
  Executor& background_;
  const std::shared_ptr<const v1::ApplyPolicyRequest> request_;
  const std::function<void(const ApplyPolicyOutcome&)> done_;
  ApplyPolicyOutcome outcome_;
  int attempts_ = 0;
};

}  // namespace

Status CheckFiles(const google::protobuf::RepeatedPtrField<v1::PolicyFile>& files) {
  Check check;
  if (files.size() != 1) {
    check.Wrong("files", "exactly one file, not " + std::to_string(files.size()));
    return check.status();
  }
  check.Text("files[0].path", files[0].path(), limits::kMaxFileNameBytes);
  if (files[0].text().size() > limits::kMaxPolicyBytes) {
    check.Wrong("files[0].text", "at most " + std::to_string(limits::kMaxPolicyBytes) + " bytes");
  }
  return check.status();
}

void CheckPolicy(const Runtime& runtime, const PolicyCompiler& compiler,
                 const v1::CheckPolicyRequest& request, v1::CheckPolicyResponse* response) {
  const auto in_force = InForce(runtime);
  const v1::PolicyFile& file = request.files(0);
  const CompiledPolicy compiled = compiler(file.text(), file.path(), in_force.get());
  response->set_valid(compiled.model != nullptr);
  for (const PolicyRemark& remark : compiled.remarks) Fill(remark, response->add_findings());
}

void GetPolicy(const Runtime& runtime, v1::GetPolicyResponse* response) {
  SetPosition(runtime.service.figures().head, response->mutable_position());
  const auto policy = runtime.service.policy();
  if (!policy) return;
  Fill(*policy, response->mutable_policy());
  v1::PolicyFile* file = response->add_files();
  file->set_path("policy.yaml");
  file->set_text(policy->source);
}

void ApplyPolicy(Runtime& runtime, const PolicyCompiler& compiler, Executor& background,
                 std::shared_ptr<const v1::ApplyPolicyRequest> request,
                 std::function<void(const ApplyPolicyOutcome&)> done) {
  std::make_shared<Applying>(runtime, compiler, background, std::move(request), std::move(done))
      ->Start();
}

bool Respond(const ApplyPolicyOutcome& outcome, const v1::ApplyPolicyRequest& request,
             v1::ApplyPolicyResponse* response) {
  if (!outcome.answer.status.ok()) return false;
  SetPosition(outcome.answer.at, response->mutable_position());
  v1::PolicyInfo* policy = response->mutable_policy();
  policy->set_version(outcome.answer.policy_version);
  policy->set_hash(TextHash(request.files(0).text()));
  FillTime(outcome.answer.unix_ms, policy->mutable_apply_time());
  policy->set_actor(outcome.actor);
  policy->set_comment(request.comment());
  for (const PolicyRemark& remark : outcome.remarks) Fill(remark, response->add_findings());
  return true;
}

}  // namespace routerd::api

// A contact centre of seven agents in the middle of a busy minute: each kind of thing that a state
// may have is there once. Written by hand, so that it stays as it is whatever random worlds become.
#pragma once

#include <memory>

#include "routerd/core/core.h"
#include "routerd/model/calendar.h"
#include "routerd/model/model.h"

namespace routerd::core {

class SmallCentre {
 public:
  SmallCentre();

  [[nodiscard]] const Core& core() const { return core_; }
  [[nodiscard]] const std::shared_ptr<const model::Model>& model() const { return model_; }
  [[nodiscard]] const std::shared_ptr<const model::Calendar>& calendar() const { return calendar_; }
  [[nodiscard]] TimeMs now() const { return now_; }

 private:
  static std::shared_ptr<const model::Model> Policy();
  static std::shared_ptr<const model::Calendar> Opening();

  void OpenUp();
  void WorkOnCalls();
  void WorkOnChats();
  void LetWait();
  void ParkOne();

  void LogIn(std::uint32_t no, bool ready);
  ContactNo Do(const Event& event);
  ContactNo Arrive(std::uint32_t queue, std::uint8_t channel);
  void Accept(ContactNo no);
  void Reject(ContactNo no);
  void Wait(SpanMs span_ms);
  [[nodiscard]] OfferId OfferOf(ContactNo no) const;

  std::shared_ptr<const model::Model> model_;
  std::shared_ptr<const model::Calendar> calendar_;
  Core core_;
  TimeMs now_ = 1'700'000'000'000;
  std::uint64_t sequence_ = 100;
};

}  // namespace routerd::core

// What happened in a scenario, in order: matched against what was expected, told when something
// else was. Audits as it goes: an offer ends once, a contact ends once.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "routerd/base/ids.h"
#include "routerd/engine/event.h"

namespace routerd::sim {

class Story {
 public:
  struct Chapter {
    TimeMs at_ms = 0;
    engine::Event event;
    bool expected = false;  // a row has spoken of it
  };

  // A row was carried out; only for telling.
  void AddRow(TimeMs at_ms, int line, const std::string& text);
  // What is wrong with the event in itself, in words; empty: nothing.
  std::string Add(TimeMs at_ms, const engine::Event& event);

  // Of this instant, not yet spoken of: the first of this kind of this contact (and agent, unless
  // empty). nullptr: none.
  [[nodiscard]] Chapter* FindNew(TimeMs at_ms, engine::EventKind kind, const std::string& contact,
                                 const std::string& agent);
  // Marks all offers of this instant as spoken of, and counts those that were not.
  std::size_t TakeOffers(TimeMs at_ms);
  // The first thing that the router did of itself and no row spoke of: an offer made, a contact's
  // end by a limit or a lost gateway.
  [[nodiscard]] const Chapter* FindSurprise() const;
  // Rows must speak of everything before this again from here on.
  void Forget();

  // The latest offer of the contact to the agent; invalid: none was made.
  [[nodiscard]] OfferId LastOffer(const std::string& contact, const std::string& agent) const;
  // What was played last to its customer; invalid: nothing.
  [[nodiscard]] OfferId LastTreatment(const std::string& contact) const;
  // How the contact stood at its last event; nullptr: it has never been heard of.
  [[nodiscard]] const engine::ContactView* LastView(const std::string& contact) const;
  [[nodiscard]] std::optional<core::EndReason> EndOf(const std::string& contact) const;
  // Scenario time at which the contact's last wrap-up ends by itself.
  [[nodiscard]] std::optional<TimeMs> WrapUpUntil(const std::string& contact) const;
  // Contact and agent of the offers that have not ended, oldest first.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> OpenOffers() const;
  [[nodiscard]] std::size_t open_offers() const { return open_offers_; }
  [[nodiscard]] std::size_t offers() const { return offers_.size(); }

  // The last lines, oldest first, for people.
  [[nodiscard]] std::string Tell(std::size_t lines) const;
  [[nodiscard]] static std::string Describe(TimeMs at_ms, const engine::Event& event);

 private:
  struct Lease {
    std::string contact;
    std::string agent;
    bool ended = false;
  };
  struct Told {
    engine::ContactView view;
    std::optional<core::EndReason> end;
    std::optional<TimeMs> wrap_up_until;
    OfferId treatment;
  };

  std::string AuditOffer(const engine::Event& event);
  std::string AuditContact(TimeMs at_ms, const engine::Event& event);

  std::vector<Chapter> chapters_;  // since the last Forget
  std::vector<std::string> lines_;
  std::map<OfferId, Lease> offers_;
  std::map<std::string, Told> contacts_;
  std::map<std::pair<std::string, std::string>, OfferId> last_offers_;
  std::size_t open_offers_ = 0;
};

}  // namespace routerd::sim

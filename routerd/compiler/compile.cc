#include "routerd/compiler/compile.h"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include "routerd/base/hash.h"
#include "routerd/base/limits.h"
#include "routerd/compiler/document.h"
#include "routerd/compiler/fields.h"
#include "routerd/compiler/hours.h"
#include "routerd/compiler/report.h"
#include "routerd/compiler/sections.h"
#include "routerd/compiler/text_check.h"

namespace routerd::compiler {
namespace {

constexpr std::string_view kRona = "rona";
constexpr std::string_view kCallback = "callback";  // the channel whose connecting is the dialling

// An entry whose name was accepted, with its number.
struct Declared {
  Entry entry;
  std::uint32_t number;
};

// Reads one policy. Names are declared first, all of them, so that parts may refer to one another
// in any order of the text.
class Compiler {
 public:
  Compiler(const model::Model* previous, Report& report) : context_{report, {}} {
    if (previous == nullptr) return;
    model_.version = previous->version + 1;
    Names& names = context_.names;
    for (const auto& channel : previous->channels) names.channels.Remember(channel.name);
    for (const auto& skill : previous->skills) names.skills.Remember(skill.name);
    for (const auto& group : previous->groups) names.groups.Remember(group.name);
    for (const auto& queue : previous->queues) names.queues.Remember(queue.name);
    for (const auto& profile : previous->profiles) names.profiles.Remember(profile.name);
    for (const auto& own : previous->attributes) names.attributes.Remember(own.name);
    for (const auto& list : previous->holidays) names.holidays.Remember(list.name);
    for (const auto& hours : previous->hours) names.hours.Remember(hours.name);
    for (const auto& label : previous->labels) names.labels.Remember(label.name);
    for (const auto& own : previous->treatments) names.treatments.Remember(own.name);
    for (const auto& reason : previous->reasons) names.reasons.Remember(reason.name);
  }

  model::Model Run(const YamlNode& root) {
    if (root.kind != NodeKind::kMap) {
      ReportWrongType(root, "a policy", "a map", context_.report);
      return {};
    }
    Fields fields(&root, "", context_.report);
    ReadVersion(fields, root);
    const YamlNode* domain = fields.Find("domain");
    const YamlNode* contact_attributes = fields.Find("contact_attributes");
    DeclareAll(fields);
    fields.Finish();
    CompileDomain(domain, context_, model_);
    CompileContactAttributes(contact_attributes, context_, model_);
    CompileChannels();
    CompileAllHours();
    CompileAgents();
    CompileQueues();
    CheckOverflow(model_, context_);
    CompileProfiles();
    FinishNames();
    if (!context_.report.has_errors()) CheckMeaning(root, model_, context_);
    return std::move(model_);
  }

 private:
  void ReadVersion(Fields& fields, const YamlNode& root) {
    constexpr int kLanguageVersion = 1;
    const YamlNode* node = fields.Find("version");
    if (node == nullptr) {
      context_.report.Error(root, "missing_key", "the version of the language is missing",
                            "begin with 'version: 1'");
      return;
    }
    if (node->text != std::to_string(kLanguageVersion) || node->quoted) {
      context_.report.Error(*node, "unsupported_version",
                            "version must be 1, the one version of the language there is",
                            "write version: 1");
    }
  }

  void DeclareAll(Fields& fields) {
    Names& names = context_.names;
    channels_ = DeclareEntries(fields.Find("channels"), "channels", names.channels);
    DeclareList(fields.Find("skills"), "skills", names.skills, kRequirementParts);
    DeclareList(fields.Find("groups"), "groups", names.groups, {});
    model_.rona = ReasonNo(static_cast<std::uint16_t>(
        names.reasons.DeclareHidden(std::string(kRona)).value_or(ReasonNo::kNone)));
    DeclareList(fields.Find("not_ready_reasons"), "not_ready_reasons", names.reasons,
                kRouterReasons);
    holidays_ = DeclareEntries(fields.Find("holidays"), "holidays", names.holidays);
    hours_ = DeclareEntries(fields.Find("hours"), "hours", names.hours);
    labels_ = DeclareEntries(fields.Find("labels"), "labels", names.labels);
    treatments_ = DeclareEntries(fields.Find("treatments"), "treatments", names.treatments);
    queues_ = DeclareEntries(fields.Find("queues"), "queues", names.queues);
    profiles_ = DeclareEntries(fields.Find("profiles"), "profiles", names.profiles);
    agents_ = DeclareEntries(fields.Find("agents"), "agents", names.agents);
  }

  std::vector<Declared> DeclareEntries(const YamlNode* section, const std::string& where,
                                       NameTable& names) {
    std::vector<Declared> declared;
    for (const Entry& entry : EntriesOf(section, where, context_.report)) {
      const auto number = names.Declare(*entry.key, entry.key->text, context_.report);
      if (number) declared.push_back({entry, *number});
    }
    return declared;
  }

  // A name that has a meaning of its own in some place, and what that meaning is.
  struct Reserved {
    std::string_view name;
    std::string_view why;
  };
  static constexpr Reserved kRequirementParts[] = {
      {"all", "'all' is a part of require"},
      {"any", "'any' is a part of require"},
      {"none", "'none' is a part of require"},
  };
  static constexpr Reserved kRouterReasons[] = {
      {kRona, "routerd gives this reason itself, after too many misses; leave it out"},
  };

  void DeclareList(const YamlNode* section, const std::string& where, NameTable& names,
                   std::span<const Reserved> reserved) {
    for (const YamlNode* element : ElementsOf(section, where, context_.report)) {
      if (element->kind != NodeKind::kScalar) {
        ReportWrongType(*element, where + ": each element", "a name", context_.report);
        continue;
      }
      const auto* const taken =
          std::find_if(reserved.data(), reserved.data() + reserved.size(),
                       [&](const Reserved& r) { return r.name == element->text; });
      if (taken != reserved.data() + reserved.size()) {
        context_.report.Error(*element, "reserved_name",
                              where + ": " + Quoted(element->text) + " is a name of the language",
                              std::string(taken->why));
        continue;
      }
      names.Declare(*element, element->text, context_.report);
    }
  }

  void CompileChannels() {
    model_.channels.resize(context_.names.channels.size());
    for (const Declared& channel : channels_) {
      model_.channels[channel.number] = CompileChannel(channel.entry, context_);
      const bool dials = channel.entry.key->text == kCallback;
      if (dials) model_.callback = ChannelNo(static_cast<std::uint8_t>(channel.number));
    }
  }

  void CompileAllHours() {
    model_.holidays.resize(context_.names.holidays.size());
    for (const Declared& list : holidays_) {
      model_.holidays[list.number] = CompileHolidays(list.entry, context_);
    }
    model_.hours.resize(context_.names.hours.size());
    for (const Declared& hours : hours_) {
      model_.hours[hours.number] = CompileHours(hours.entry, model_, context_);
    }
    model_.labels.resize(context_.names.labels.size());
    for (const Declared& label : labels_) {
      model_.labels[label.number] = CompileLabel(label.entry, context_);
    }
  }

  void CompileAgents() {
    model_.agents.resize(context_.names.agents.size());
    for (const Declared& agent : agents_) {
      model_.agents[agent.number] = CompileAgent(agent.entry, context_, model_);
    }
  }

  void CompileQueues() {
    model_.queues.resize(context_.names.queues.size());
    std::uint32_t place = 0;
    for (const Declared& queue : queues_) {
      std::vector<ListedAgent> listed;
      model_.queues[queue.number] = CompileQueue(queue.entry, context_, listed);
      model_.queues[queue.number].place = place++;
      if (!listed.empty()) MakeGroupOf(queue, listed);
      ListForSelect(QueueNo(queue.number), listed);
    }
    CompileTreatments();
    CheckOrders(model_, context_);
    CheckAccelerations(model_, context_);
    CheckRooms(model_, context_);
    CheckRatios(model_, context_);
    CheckReserves(model_, context_);
  }

  // After the queues: one of them may bring along the treatment that routerd knows by itself.
  void CompileTreatments() {
    model_.treatments.resize(context_.names.treatments.size());
    for (const Declared& treatment : treatments_) {
      model_.treatments[treatment.number] = CompileTreatment(treatment.entry, context_);
    }
    const auto offer = context_.names.treatments.Find(kOfferCallback);
    if (offer) model_.treatments[*offer].name = kOfferCallback;
  }

  void CompileProfiles() {
    model_.profiles.resize(context_.names.profiles.size());
    for (const Declared& profile : profiles_) {
      model_.profiles[profile.number] = CompileProfile(profile.entry, context_);
    }
    CheckDelays(model_, context_);
  }

  // A queue's own list of agents is a group that nothing else can name.
  void MakeGroupOf(const Declared& queue, const std::vector<ListedAgent>& listed) {
    const std::string name = "queue:" + queue.entry.key->text;
    const auto number = context_.names.groups.DeclareHidden(name);
    if (!number) {
      context_.report.Error(*queue.entry.key, "too_many",
                            "more than " + std::to_string(limits::kMaxGroups) +
                                " groups, lists of agents and removed ones included");
      return;
    }
    for (const ListedAgent& agent : listed) {
      Join(GroupNo(*number), model_.agents[agent.number].profile.groups);
    }
    Join(GroupNo(*number), model_.queues[queue.number].groups);
  }

  // Where a queue chooses by its list, each agent knows his place in it; elsewhere nobody does, so
  // that agents who do not differ have equal profiles.
  void ListForSelect(QueueNo queue, const std::vector<ListedAgent>& listed) {
    const auto& select = model_.queues[queue.index()].select;
    const auto has = [&](model::SelectBy by) {
      return std::any_of(select.begin(), select.end(), [by](const auto& k) { return k.by == by; });
    };
    const bool linear = has(model::SelectBy::kLinear);
    const bool tier = has(model::SelectBy::kTier);
    if (!linear && !tier) return;
    for (std::uint32_t i = 0; i < listed.size(); ++i) {
      auto& listings = model_.agents[listed[i].number].profile.listings;
      const model::Listing listing{queue, linear ? i : 0, tier ? listed[i].tier : 0};
      listings.insert(std::lower_bound(listings.begin(), listings.end(), listing), listing);
    }
  }

  static void Join(GroupNo group, std::vector<GroupNo>& groups) {
    groups.insert(std::lower_bound(groups.begin(), groups.end(), group), group);
  }

  void FinishNames() {
    const Names& names = context_.names;
    for (auto& name : names.skills.ByNumber()) model_.skills.push_back({std::move(name)});
    for (auto& name : names.groups.ByNumber()) model_.groups.push_back({std::move(name)});
    for (auto& name : names.attributes.ByNumber()) model_.attributes.push_back({std::move(name)});
    for (auto& name : names.reasons.ByNumber()) model_.reasons.push_back({std::move(name)});
    std::sort(model_.agents.begin(), model_.agents.end(),
              [](const auto& a, const auto& b) { return a.id < b.id; });
  }

  Context context_;
  model::Model model_;
  std::vector<Declared> channels_;
  std::vector<Declared> holidays_;
  std::vector<Declared> hours_;
  std::vector<Declared> labels_;
  std::vector<Declared> treatments_;
  std::vector<Declared> queues_;
  std::vector<Declared> profiles_;
  std::vector<Declared> agents_;
};

std::string_view WithoutByteOrderMark(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  return text;
}

}  // namespace

Compiled Compile(const Source& source, const model::Model* previous) {
  Report report(source.file);
  Compiled compiled;
  compiled.source_hash = HashSource(source.text);
  const std::string_view text = WithoutByteOrderMark(source.text);
  if (const auto document = ParseDocument(text, report)) {
    model::Model model = Compiler(previous, report).Run(document->root());
    if (!report.has_errors()) {
      compiled.model = std::make_shared<const model::Model>(std::move(model));
    }
  }
  compiled.findings = report.Take(text);
  return compiled;
}

std::vector<Finding> CheckSource(const Source& source) {
  Report report(source.file);
  const std::string_view text = WithoutByteOrderMark(source.text);
  CheckText(text, report);
  return report.Take(text);
}

std::uint64_t HashSource(std::string_view text) {
  Hasher hasher;
  hasher.AddText(text);
  return hasher.digest();
}

std::string HashText(std::uint64_t hash) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  for (int shift = 60; shift >= 0; shift -= 4) text += kHex[hash >> shift & 0xf];
  return text;
}

}  // namespace routerd::compiler

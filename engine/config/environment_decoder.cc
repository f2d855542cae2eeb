#include "engine/config/environment_decoder.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <optional>

#include "engine/base/strings.h"
#include "engine/config/file_tree.h"
#include "engine/config/secrets.h"
#include "engine/config/url_check.h"
#include "engine/config/values.h"
#include "engine/model/phone_numbers.h"

namespace viasync::config {
namespace {

enum Key {
  kOrg,
  kRegion,
  kBaseUrl,
  kTokenUrl,
  kCaFile,
  kExclusionsApi,
  kTokenEncoding,
  kVariables,
  kConcurrency,
  kCredentialCommand,
  kStore,
  kStoreSchema,
  kStoreLease,
  kMediaStorage,
  kDefaultRegion,
  kKeyCount
};
constexpr std::array<std::string_view, kKeyCount> kKeys = {"org",
                                                           "region",
                                                           "base_url",
                                                           "token_url",
                                                           "ca_file",
                                                           "exclusions_api",
                                                           "token_encoding",
                                                           "variables",
                                                           "concurrency",
                                                           "credential_command",
                                                           "store",
                                                           "store_schema",
                                                           "store_lease",
                                                           "media_storage",
                                                           "default_region"};
constexpr std::array<std::string_view, 4> kRegions = {"us", "eu", "uk", "ca"};
constexpr std::array<std::string_view, 2> kExclusionApis = {"campaign-v2", "compliance-v3"};
constexpr std::array<std::string_view, 2> kTokenEncodings = {"plain", "form"};
constexpr int kConcurrencyMax = 256;
constexpr int kRateMax = 10'000;  // requests a second
constexpr int kLeaseMin = 4, kLeaseMax = 600;  // seconds

using Nodes = std::array<NodeRef, kKeyCount>;

// Decodes one environment, key by key.
class Decoder {
 public:
  Decoder(const FileContext& context, const std::string& root, Environment& environment)
      : context_(context), root_(root), environment_(environment) {}

  void Decode(NodeRef node) {
    std::size_t before = context_.problems.count();
    if (!ReadMap(context_, node, "environment " + Quoted(environment_.name), kKeys, nodes_)) return;
    bool misspelt = context_.problems.count() > before;
    ReadOrg(node, misspelt);
    environment_.region = ReadChoice(kRegion, kRegions, "");
    environment_.exclusions_api =
        ReadChoice(kExclusionsApi, kExclusionApis, environment_.exclusions_api);
    environment_.token_encoding =
        ReadChoice(kTokenEncoding, kTokenEncodings, environment_.token_encoding);
    environment_.base_url = ReadUrl(kBaseUrl);
    environment_.token_url = ReadUrl(kTokenUrl);
    environment_.ca_file = ReadPath(kCaFile, "");
    ReadStore(node);
    environment_.credential_command = Read(kCredentialCommand);
    if (nodes_[kDefaultRegion]) {
      environment_.default_region = ReadPhoneRegion(context_, nodes_[kDefaultRegion]);
    }
    ReadConcurrency();
    ReadVariables();
    if (nodes_[kMediaStorage]) {
      DecodeMedia(context_, nodes_[kMediaStorage], root_, environment_.media);
    }
    if (!nodes_[kRegion] && !nodes_[kTokenUrl] && !misspelt) {
      context_.Report(node, "environment " + Quoted(environment_.name) + " has no `region`",
                      "add `region:` with " + OneOf(kRegions) + ", or `token_url`");
    }
  }

 private:
  // The trimmed text of a key; empty where it is missing or was reported.
  std::string Read(Key key) {
    if (!nodes_[key]) return {};
    auto text = ReadText(context_, nodes_[key], kKeys[key]);
    if (!text) return {};
    std::string trimmed(base::Trim(*text));
    if (trimmed.empty()) {
      context_.Report(nodes_[key], Quoted(kKeys[key]) + " is empty",
                      "give it a value, or remove the line");
    }
    return trimmed;
  }

  void ReadOrg(NodeRef node, bool misspelt) {
    if (!nodes_[kOrg]) {
      if (misspelt) return;
      context_.Report(node, "environment " + Quoted(environment_.name) + " has no `org`",
                      "add `org:` with the id of the organisation");
      return;
    }
    environment_.org = Read(kOrg);
    if (environment_.org.empty() || IsPlainName(environment_.org)) return;
    context_.Report(nodes_[kOrg], "`org` " + Quoted(environment_.org) + " is not a valid org id",
                    "an id holds letters, digits, `-`, `_` and `.`; it is not a URL");
  }

  std::string ReadChoice(Key key, std::span<const std::string_view> choices, std::string fallback) {
    std::string text = Read(key);
    if (text.empty()) return fallback;
    if (std::ranges::find(choices, text) == choices.end()) {
      context_.Report(nodes_[key],
                      Quoted(kKeys[key]) + " cannot be " + Quoted(text) + DidYouMean(text, choices),
                      "use " + OneOf(choices));
    }
    return text;
  }

  std::string ReadUrl(Key key) {
    std::string url = Read(key);
    if (url.empty()) return url;
    if (auto problem = CheckUrl(url)) {
      context_.Report(nodes_[key], Quoted(kKeys[key]) + ": " + problem->message, problem->hint);
    }
    while (url.ends_with('/')) url.pop_back();
    return url;
  }

  std::string ReadPath(Key key, const std::string& fallback) {
    std::string path = nodes_[key] ? Read(key) : fallback;
    if (path.empty()) return path;
    return LocalPath(path);
  }

  // A pull request can commit a link.
  void ReadStore(NodeRef node) {
    const std::string local = ".viasync/" + environment_.name + ".db";
    environment_.store = ReadTeamStore() ? LocalPath(local) : ReadPath(kStore, local);
    const auto transfers = std::filesystem::path(environment_.store).parent_path() / "transfers";
    for (const std::string& path : {environment_.store, transfers.string()}) {
      if (environment_.store.empty() || !LeadsOutside(root_, path)) continue;
      context_.Report(nodes_[kStore] ? nodes_[kStore] : node,
                      "the store of environment " + Quoted(environment_.name) + " lies at " +
                          Quoted(path) + ", and a link there leads out of the repository",
                      "remove the link; to keep the store elsewhere, say so with `store:`");
      return;
    }
  }

  // Whether `store` names a server; what only acts with one is read along.
  bool ReadTeamStore() {
    std::string text;
    if (nodes_[kStore]) {
      auto given = ReadText(context_, nodes_[kStore], kKeys[kStore]);
      text = given ? base::Trim(*given) : std::string_view();
    }
    const bool far = IsStoreUri(text);
    if (far) {
      auto uri = ParseStoreUri(text);
      if (uri)
        environment_.team_store = std::move(*uri);
      else
        context_.Report(nodes_[kStore], uri.error().message, uri.error().hint);
    }
    for (Key key : {kStoreSchema, kStoreLease}) {
      if (far || !nodes_[key]) continue;
      context_.Report(nodes_[key], Quoted(kKeys[key]) + " acts only with a store on a server",
                      "remove it, or write `store: postgresql://USER@HOST/DATABASE`");
    }
    if (far && nodes_[kStoreSchema]) {
      environment_.store_schema = Read(kStoreSchema);
      if (auto problem = CheckSchemaName(environment_.store_schema)) {
        context_.Report(nodes_[kStoreSchema], problem->message, problem->hint);
      }
    }
    if (far && nodes_[kStoreLease]) ReadLease();
    return far;
  }

  std::string LocalPath(const std::string& path) const {
    return (std::filesystem::path(root_) / path).lexically_normal().string();
  }

  // `store_lease: 60s`
  void ReadLease() {
    std::string text = Read(kStoreLease);
    std::string_view number = text;
    if (number.ends_with('s')) number.remove_suffix(1);
    auto seconds = WholeNumber(number);
    if (seconds && *seconds >= kLeaseMin && *seconds <= kLeaseMax) {
      environment_.store_lease = std::chrono::seconds(*seconds);
      return;
    }
    context_.Report(nodes_[kStoreLease], "`store_lease` cannot be " + Quoted(text),
                    "write seconds, like `60s`, from " + std::to_string(kLeaseMin) + " to " +
                        std::to_string(kLeaseMax));
  }

  // `concurrency: 64`, or `concurrency: {max: 64, rate: 200/s}`.
  void ReadConcurrency() {
    NodeRef node = nodes_[kConcurrency];
    if (!node) return;
    if (node.type() != NodeType::kMap) {
      ReadInFlightMax("`concurrency`", node, Read(kConcurrency));
      return;
    }
    constexpr std::array<std::string_view, 2> kNames = {"max", "rate"};
    std::array<NodeRef, 2> parts;
    if (!ReadMap(context_, node, "`concurrency`", kNames, parts)) return;
    if (parts[0]) ReadInFlightMax("`max`", parts[0], TextOf(parts[0], kNames[0]));
    if (parts[1]) ReadRate(parts[1], TextOf(parts[1], kNames[1]));
  }

  std::string TextOf(NodeRef node, std::string_view name) {
    auto text = ReadText(context_, node, name);
    return std::string(text ? base::Trim(*text) : std::string_view());
  }

  void ReadInFlightMax(const std::string& name, NodeRef node, const std::string& text) {
    auto value = WholeNumber(text);
    if (value && *value >= 1 && *value <= kConcurrencyMax) {
      environment_.concurrency = *value;
      return;
    }
    context_.Report(node, name + " cannot be " + Quoted(text),
                    "write a number from 1 to " + std::to_string(kConcurrencyMax));
  }

  void ReadRate(NodeRef node, std::string_view text) {
    std::string_view number = text;
    if (number.ends_with("/s")) number.remove_suffix(2);
    auto value = WholeNumber(number);
    if (value && *value >= 1 && *value <= kRateMax) {
      environment_.rate_max = *value;
      return;
    }
    context_.Report(node, "`rate` cannot be " + Quoted(text),
                    "write requests a second, like `200/s`, from 1 to " + std::to_string(kRateMax));
  }

  static std::optional<int> WholeNumber(std::string_view text) {
    int value = 0;
    auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
  }

  void ReadVariables() {
    NodeRef map = nodes_[kVariables];
    if (!map || map.type() == NodeType::kNull) return;
    if (map.type() != NodeType::kMap) {
      context_.Report(map, "`variables` must be a map, found " + std::string(TypeName(map.type())),
                      "write `variables: {name: value}`");
      return;
    }
    for (NodeRef key = map.begin(); key != map.end(); key = key.next().next()) {
      ReadVariable(key, key.next());
    }
  }

  void ReadVariable(NodeRef key, NodeRef node) {
    if (IsSecretKey(key.text())) {
      ReportUnknownKey(context_, key.line(), key.column(), key.text(), "`variables`", {});
      return;
    }
    if (!IsVariableName(key.text())) {
      context_.Report(key, Quoted(key.text()) + " is not a valid variable name",
                      "use letters, digits, `_`, `-` and `.`, with a letter in front");
    }
    auto value = ReadText(context_, node, key.text());
    if (!value) return;
    CheckSeen(key, node, *value);
    if (HasVariables(*value)) {
      context_.Report(node, "the value of a variable cannot refer to another variable",
                      "write the value itself");
    }
    environment_.variables[std::string(key.text())] = std::move(*value);
  }

  // A name that uses the variable looks as if it held nothing hidden.
  void CheckSeen(NodeRef key, NodeRef node, std::string text) {
    std::erase_if(text, [](char c) { return c == '\n' || c == '\t'; });
    if (!node.marks().hidden || text.empty()) return;
    auto problem = CheckName(key.text(), text, node.marks());
    if (problem) context_.Report(node, std::move(problem->message), std::move(problem->hint));
  }

  FileContext context_;
  const std::string& root_;
  Environment& environment_;
  Nodes nodes_;
};

// Two names that stand for the same variables would take each other's credentials.
void CheckPrefixes(const FileContext& context, NodeRef node, const Project& project) {
  std::map<std::string, std::string> by_prefix;
  for (const auto& [name, environment] : project.environments) {
    auto [other, added] = by_prefix.emplace(VariablePrefix(name), name);
    if (added) continue;
    context.Report(node,
                   "environments " + Quoted(other->second) + " and " + Quoted(name) +
                       " would both read their credentials from " + other->first + "…",
                   "rename one");
  }
}

}  // namespace

std::string ReadPhoneRegion(const FileContext& context, NodeRef node) {
  auto text = ReadText(context, node, "default_region");
  if (!text) return {};
  if (model::IsPhoneRegion(*text)) return *text;
  auto capitals = base::ToUpper(base::Trim(*text));
  if (capitals == "UK") capitals = "GB";
  context.Report(node, "`default_region` cannot be " + Quoted(*text),
                 model::IsPhoneRegion(capitals)
                     ? "write " + Quoted(capitals)
                     : "write the country that numbers without a country code belong to, as two "
                       "capital letters: `US`, `GB`, `DE`");
  return {};
}

bool IsPlainName(std::string_view name) {
  auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  };
  return !name.empty() && name.front() != '.' && name.front() != '-' &&
         std::ranges::all_of(name, plain);
}

void DecodeEnvironments(const FileContext& context, NodeRef node, Project& project) {
  if (node.type() != NodeType::kMap) {
    context.Report(node,
                   "`environments` must be a map, found " + std::string(TypeName(node.type())),
                   "write `environments: {dev: {org: YOUR-ORG, region: us}}`");
    return;
  }
  for (NodeRef key = node.begin(); key != node.end(); key = key.next().next()) {
    std::string name(key.text());
    if (!IsPlainName(name)) {
      context.Report(key, Quoted(name) + " is not a valid environment name",
                     "use letters, digits, `-`, `_` and `.`");
      continue;
    }
    Environment& environment = project.environments[name];
    environment.name = name;
    environment.default_region = project.default_region;
    FileContext inner = context;
    inner.environment = name;
    Decoder(inner, project.root, environment).Decode(key.next());
  }
  if (node.begin() == node.end()) {
    context.Report(node, "`environments` is empty",
                   "write `environments: {dev: {org: YOUR-ORG, region: us}}`");
  }
  CheckPrefixes(context, node, project);
}

}  // namespace viasync::config

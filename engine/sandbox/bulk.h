// Bulk configuration of an org: the objects that export and import jobs move, the jobs, and the
// media storage they write to and read from. Values only; jobs.cc and media.cc say how they behave.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/ports.h"
#include "engine/sandbox/media_files.h"

namespace viasync::sandbox {

struct ObjectRefs {
  std::string type;
  std::vector<std::string> names;
};

struct BulkObject {
  std::string type;  // as requests spell it: `STRATEGY`
  std::string name;
  std::string description;
  std::vector<ObjectRefs> related;
  nlohmann::json data = nlohmann::json::object();  // what makes two objects of a name differ
};

enum class JobState { kPending, kRunning, kPaused, kEnded };

struct BulkJob {
  std::string id;
  bool import = false;
  std::string file;  // as the request named it
  std::string comment;
  std::vector<BulkObject> objects;  // an import's are renamed and dropped as conflicts are answered
  nlohmann::json options = nlohmann::json::object();  // of an import: the request without objects
  JobState state = JobState::kPending;
  std::string end;  // the status it ended with
  std::string message;
  std::int64_t looks = 0;  // how often somebody asked for it
  base::UtcTime started{};
  std::string conflict_type;  // of the conflict that waits for an answer; empty = none
  std::vector<std::string> conflict_names;
};

struct SignedUrl {
  std::string key;
  bool upload = false;
  base::UtcTime expires{};
};

struct Bulk {
  std::vector<BulkObject> objects;
  std::deque<BulkJob> jobs;
  MediaFiles files;                       // the media storage
  std::map<std::string, SignedUrl> urls;  // by token

  BulkObject* Find(std::string_view type, std::string_view name);
};

inline constexpr std::string_view kExports = "exports/configuration/campaign/";
inline constexpr std::string_view kImports = "imports/configuration/campaign/";

// A type of object under its three names: in requests, as a group of the listings, in conflicts.
struct TypeNames {
  std::string_view type, group, conflict;
};
// Nullptr: no such type.
const TypeNames* FindType(std::string_view type);

// `{"objectType", "objectName", "objectDescription", "relatedItems", "data"}`; all but the first
// two may be left out. Returns what is wrong, starting with `path`; "" = nothing.
std::string ReadObject(const nlohmann::json& json, const std::string& path, BulkObject& object);
nlohmann::json WriteObject(const BulkObject& object);

// For the state of an org: the array `objects`.
std::string ReadObjects(const nlohmann::json& array, const std::string& path, Bulk& bulk);
void WriteObjects(std::string& out, const Bulk& bulk);

}  // namespace viasync::sandbox

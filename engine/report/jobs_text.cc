// The jobs of an org, and what a zip holds.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "engine/base/json.h"
#include "engine/base/strings.h"
#include "engine/migrate/job_status.h"
#include "engine/report/migration_text.h"

namespace viasync::report {
namespace {

using Json = nlohmann::ordered_json;
using migrate::Phase;

Colour ColourOf(const api::Job& job) {
  if (migrate::HasConflict(job)) return Colour::kMagenta;
  switch (migrate::PhaseOf(job.status)) {
    case Phase::kDone:
      return Colour::kGreen;
    case Phase::kFailed:
      return Colour::kRed;
    case Phase::kPaused:
      return Colour::kYellow;
    case Phase::kGoing:
      return Colour::kCyan;
  }
  return Colour::kDim;
}

std::string Or(const std::string& text, std::string_view otherwise) {
  return text.empty() ? std::string(otherwise) : base::Printable(text);
}

std::string_view PhaseWord(const api::Job& job) {
  if (migrate::HasConflict(job)) return "conflict";
  constexpr std::string_view kWords[] = {"going", "paused", "done", "failed"};
  return kWords[static_cast<std::size_t>(migrate::PhaseOf(job.status))];
}

}  // namespace

std::string JobsText(const std::string& org, const std::vector<api::Job>& jobs,
                     const Style& style) {
  if (jobs.empty()) return base::Printable(org) + " has no export or import jobs.\n";
  struct Row {
    std::string id, kind, status, file, message;
  };
  std::vector<Row> rows = {{"JOB", "KIND", "STATUS", "FILE", "MESSAGE"}};
  for (const api::Job& job : jobs) {
    rows.push_back({base::Printable(job.id), migrate::KindWords(job), migrate::StatusWords(job),
                    Or(job.file_name, "—"), base::Printable(job.message)});
  }
  std::size_t id = 0, kind = 0, status = 0, file = 0;
  for (const Row& row : rows) {
    id = std::max(id, Columns(row.id));
    kind = std::max(kind, Columns(row.kind));
    status = std::max(status, Columns(row.status));
    file = std::max(file, Columns(row.file));
  }
  std::string text;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row& row = rows[i];
    const Colour colour = i == 0 ? Colour::kDim : ColourOf(jobs[i - 1]);
    std::string line = Pad(row.id, id) + "  " + Pad(row.kind, kind) + "  " +
                       Paint(style, colour, Pad(row.status, status)) + "  " + Pad(row.file, file) +
                       "  " + Clip(row.message, 60);
    line.resize(line.find_last_not_of(' ') + 1);
    text += (i == 0 ? Paint(style, Colour::kDim, line) : line) + "\n";
  }
  return text;
}

std::string JobText(const api::Job& job, const Style& style) {
  constexpr std::size_t kLabel = 10;
  std::string text;
  auto add = [&](std::string_view label, const std::string& value) {
    if (value.empty()) return;
    text += "  " + Paint(style, Colour::kDim, Pad(label, kLabel)) + value + "\n";
  };
  text +=
      Paint(style, Colour::kBold, migrate::KindWords(job) + " " + base::Printable(job.id)) + "\n";
  add("status", Paint(style, ColourOf(job), migrate::StatusWords(job)));
  add("file", base::Printable(job.file_name));
  add("message", base::Printable(job.message));
  if (migrate::HasConflict(job)) {
    std::string names;
    for (const auto& name : job.conflict_names) {
      names += (names.empty() ? " " : ", ") + base::Printable(name);
    }
    add("conflict", base::Printable(job.conflict_object) + names);
  }
  return text;
}

std::string JobsJson(const std::vector<api::Job>& jobs) {
  Json list = Json::array();
  for (const api::Job& job : jobs) {
    Json entry = {{"id", job.id},
                  {"type", job.type},
                  {"file", job.file_name},
                  {"status", job.status},
                  {"phase", std::string(PhaseWord(job))},
                  {"message", job.message},
                  {"conflicts", job.conflicts}};
    if (!job.conflict_object.empty()) entry["conflictObject"] = job.conflict_object;
    if (!job.conflict_names.empty()) entry["conflictNames"] = job.conflict_names;
    list.push_back(std::move(entry));
  }
  return base::DumpJson(Json{{"format", "viasync-jobs/1"}, {"jobs", list}}, 2) + "\n";
}

std::string ZipText(const std::string& path, const migrate::ZipContent& content, const Style& style,
                    bool all) {
  std::map<std::string, std::vector<const migrate::ZipEntry*>> by_type;
  std::vector<const migrate::ZipEntry*> others;
  for (const auto& entry : content.entries) {
    if (entry.type.empty()) {
      others.push_back(&entry);
    } else {
      by_type[entry.type].push_back(&entry);
    }
  }
  constexpr std::size_t kShown = 20;
  std::string text = Paint(style, Colour::kBold, base::Printable(path)) + "  " +
                     BytesText(content.file_bytes) + "\n";
  auto list = [&](const std::string& title, const std::vector<const migrate::ZipEntry*>& entries) {
    if (entries.empty()) return;
    text += "\n" + Paint(style, Colour::kBold, title) + fmt::format("  {}\n", entries.size());
    const std::size_t shown = all ? entries.size() : std::min(entries.size(), kShown);
    std::size_t columns = 0;
    auto name_of = [](const migrate::ZipEntry& entry) {
      return base::Printable(entry.name.empty() ? entry.path : entry.name);
    };
    for (std::size_t i = 0; i < shown; ++i) {
      columns = std::max(columns, Columns(name_of(*entries[i])));
    }
    for (std::size_t i = 0; i < shown; ++i) {
      text += "  " + Pad(name_of(*entries[i]), columns) + "  " +
              Paint(style, Colour::kDim, BytesText(entries[i]->bytes)) + "\n";
    }
    if (shown < entries.size()) {
      text += fmt::format("  … and {} more (--all lists them)\n", entries.size() - shown);
    }
  };
  for (const auto& [type, entries] : by_type) list(type, entries);
  list("other files", others);
  text += fmt::format("\n{}, {} unpacked, every checksum right\nsha256 {}\n",
                      base::Plural(content.entries.size(), "file"),
                      BytesText(content.unpacked_bytes), content.sha256);
  return text;
}

std::string ZipJson(const std::string& path, const migrate::ZipContent& content) {
  Json json = {{"format", "viasync-zip/1"},   {"file", path},
               {"bytes", content.file_bytes}, {"unpackedBytes", content.unpacked_bytes},
               {"sha256", content.sha256},    {"entries", Json::array()}};
  for (const auto& entry : content.entries) {
    Json item = {{"path", entry.path}, {"bytes", entry.bytes}};
    if (!entry.type.empty()) item["type"] = entry.type;
    if (!entry.name.empty()) item["name"] = entry.name;
    json["entries"].push_back(std::move(item));
  }
  return base::DumpJson(json, 2) + "\n";
}

}  // namespace viasync::report

#include "engine/config/edit/write_files.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>
#include <vector>

#include "engine/base/strings.h"
#include "engine/config/edit/layers.h"
#include "engine/config/problems.h"
#include "engine/files/atomic_file.h"

namespace viasync::config {
namespace {

namespace fs = std::filesystem;

struct Job {
  std::string path;  // as the user knows it
  fs::path place;    // links resolved
  const FileEdit* edit;
};

std::unexpected<base::Error> CannotWrite(const std::string& path, const std::string& why) {
  return base::Fail(base::ErrorKind::kIo,
                    "cannot write " + Quoted(path) + ": " + base::Printable(why),
                    "check the disk and the permissions, then run it again");
}

std::unexpected<base::Error> Changed(const std::string& path, const std::string& what) {
  return base::Fail(base::ErrorKind::kStale, Quoted(path) + " " + what,
                    "nothing was written; run it again");
}

base::Result<fs::path> Resolve(const fs::path& root, const std::string& path) {
  std::error_code failed;
  auto real = StaysInside(path) ? fs::weakly_canonical(root / path, failed) : fs::path();
  if (!failed && !real.empty() && StaysInside(real.lexically_relative(root).generic_string())) {
    return real;
  }
  return base::Fail(base::ErrorKind::kInvalid, Quoted(path) + " leads out of the repository",
                    "viasync writes only files inside the repository; edit that one by hand");
}

base::Result<Job> Check(const fs::path& root, FileTree& tree, const std::string& path,
                        const FileEdit& edit) {
  auto place = Resolve(root, path);
  if (!place) return base::Fail(std::move(place.error()));
  std::error_code failed;
  bool exists = fs::exists(fs::symlink_status(*place, failed));
  if (!edit.before && exists) return Changed(path, "was made meanwhile");
  if (edit.before) {
    if (!exists) return Changed(path, "is gone");
    auto now = ReadAll(tree, path);
    if (!now) return base::Fail(std::move(now.error()));
    if (*now != *edit.before) return Changed(path, "was changed after it was read");
    if (access(place->c_str(), W_OK) != 0) return CannotWrite(path, base::SystemReason(errno));
  }
  return Job{path, std::move(*place), &edit};
}

base::Result<void> Replace(const Job& job) {
  std::error_code failed;
  auto folder = job.place.parent_path();
  fs::create_directories(folder, failed);
  if (failed) return CannotWrite(job.path, base::SystemReason(failed.value()));
  if (!job.edit->after) {
    if (unlink(job.place.c_str()) != 0) return CannotWrite(job.path, base::SystemReason(errno));
    const auto synced = files::SyncFolderOf(job.place.string());
    if (!synced) return CannotWrite(job.path, base::SystemReason(synced.error()));
    return {};
  }
  const auto written =
      files::WriteWhole(job.place.string(), *job.edit->after, files::Rights::kAsBefore);
  if (!written) return CannotWrite(job.path, base::SystemReason(written.error()));
  return {};
}

}  // namespace

base::Result<void> WriteFiles(const std::string& root,
                              const std::map<std::string, FileEdit>& files) {
  std::error_code failed;
  auto real_root = fs::canonical(root.empty() ? "." : root, failed);
  if (failed) return CannotWrite(root, base::SystemReason(failed.value()));
  auto tree = MakeDiskTree(real_root.string());
  std::vector<Job> jobs;
  for (const auto& [path, edit] : files) {
    auto job = Check(real_root, *tree, path, edit);
    if (!job) return base::Fail(std::move(job.error()));
    jobs.push_back(std::move(*job));
  }
  std::size_t done = 0;
  for (const auto& job : jobs) {
    auto written = Replace(job);
    if (!written) {
      auto error = std::move(written.error());
      if (done > 0) {
        error.message += "; " + base::Plural(done, "file") + " of " + std::to_string(jobs.size()) +
                         " were written before";
      }
      return base::Fail(std::move(error));
    }
    ++done;
  }
  return {};
}

}  // namespace viasync::config

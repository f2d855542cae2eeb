// What a sandbox can be told, as plain values: at start (Options) and while it runs (Settings).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/ports.h"

namespace viasync::sandbox {

// May be changed while the server runs, through `POST /_sandbox/settings`.
struct Settings {
  base::Millis latency{0};     // from the arrival of an API request to its answer
  double rate_per_second = 0;  // requests allowed per org; 0 = any number. Above: 429
  int rate_burst = 50;         // how many of them at once
  int retry_after_s = 0;       // Retry-After of a 429; 0 = none is sent
  std::int64_t token_lifetime_s = 3600;
  std::int64_t page_default = 100;  // items of a page without maxResults
  std::int64_t page_cap = 500;      // items of a page at most, whatever maxResults says
  bool strict = false;              // hold requests and answers against the contract (strict.h)
  bool rewrite_criteria = false;    // store criteria with tidied white space and key words
  // Export and import jobs (jobs.h).
  std::int64_t job_polls = 3;           // looks at a job until it may end
  base::Millis job_time{0};             // and how old it must be
  std::string job_running = "Running";  // the status of one that runs
  std::string job_end = "Completed";  // the status it ends with; no word of success: it did nothing
  bool job_conflict_pauses = false;   // a job with a conflict counts as paused
  std::int64_t job_padding = 0;       // bytes of noise in the zip of an export
  std::int64_t signed_url_lifetime_s = 300;
};

// A fault: which requests it strikes, and how. See faults.h for what each action does.
struct FaultRule {
  std::string method = "*";   // glob
  std::string path = "*";     // glob on the path without its query
  std::int64_t after = 0;     // the first N matching requests go unharmed
  std::int64_t every = 1;     // then every Nth is struck
  double probability = 1;     // and of these so many
  std::uint64_t seed = 1;     // of the chance
  std::int64_t times = 0;     // strikes at most; 0 = any number
  std::string action;         // one of those in faults.h
  int status = 503;           // of action `status`
  std::string retry_after;    // its Retry-After; empty = none
  std::string total;          // of action `total`: page, short, zero or none
  bool carry_out = false;     // action `status`: do what was asked, then answer like this
  std::int64_t delay_ms = 0;  // of action `delay` (before the request is carried out)
};

// An org of generated resources with believable names: Filter0001, List0001 and so on. Its
// credentials are those of Options::generated's `org`: client, secret and key named after it.
struct Generate {
  std::string org = "acme-dev";
  std::size_t filters = 0;
  std::size_t lists = 0;
  std::size_t exclusions = 0;
  std::uint64_t seed = 1;
};

struct Options {
  std::string host = "127.0.0.1";
  int port = 0;           // 0 = one that is free
  std::string data_file;  // state is loaded from it when it exists, and saved to it; empty = none
  std::string seed_file;  // loaded when there is no data file yet (format: state.h)
  std::string
      media_folder;  // keeps the media storage of each org in a folder of it; empty = memory
  std::vector<Generate> generated;  // added when there is no data file yet
  Settings settings;
  std::vector<FaultRule> faults;
  std::size_t threads = 256;            // open connections at most; more of them wait
  std::size_t log_entries = 1'000'000;  // of the request log; older ones are dropped
  bool compress = false;                // honour Accept-Encoding
  base::Clock* clock = nullptr;         // nullptr = the machine's
};

}  // namespace viasync::sandbox

#include "engine/sandbox/server.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/socket.h>

#include <condition_variable>
#include <filesystem>
#include <thread>

#include "engine/base/strings.h"
#include "engine/sandbox/connection.h"
#include "engine/sandbox/control.h"
#include "engine/sandbox/generate.h"
#include "engine/sandbox/saver.h"
#include "engine/sandbox/state.h"

namespace viasync::sandbox {
namespace {

constexpr const char* kTokenUrlPath = "/tokenservice/oauth2/access_token";
constexpr const char* kHtml =
    "<!DOCTYPE html><html><head><title>Maintenance</title></head>"
    "<body><h1>We will be back soon</h1></body></html>";

Incoming TakeRequest(const httplib::Request& request) {
  return {.method = request.method,
          .path = request.path,
          .params = request.params,
          .authorization = request.get_header_value("Authorization"),
          .api_key = request.get_header_value("x-api-key"),
          .host = request.get_header_value("Host"),
          .content_type = request.get_header_value("Content-Type"),
          .body = request.body,
          .client_session = request.get_header_value("via-client-sessionid")};
}

// As RFC 9110 (5.6.7) wants it; the calendar's names stay English whatever the locale.
std::string HttpDate(base::UtcTime now) {
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", std::chrono::floor<std::chrono::seconds>(now));
}

void Send(const Answer& answer, base::UtcTime now, httplib::Response& response) {
  response.status = answer.status;
  response.set_header("Date", HttpDate(now));
  for (const auto& [name, value] : answer.headers) response.set_header(name, value);
  if (!answer.body.empty()) response.set_content(answer.body, answer.content_type);
}

bool IsLoopback(const std::string& address) {
  const bool numbers = address.find_first_not_of("0123456789.") == std::string::npos;
  return (numbers && address.starts_with("127.")) || address == "::1" ||
         address.starts_with("::ffff:127.");
}

// `host` or `host:port` names this machine, or the address that the server listens on. Anything
// else is a name that somebody made lead here: a page of the web may then ask for it.
bool IsOwnName(std::string_view host, std::string_view listening) {
  if (host.starts_with('[')) {
    host = host.substr(0, host.find(']') + 1);
  } else {
    host = host.substr(0, host.find(':'));
  }
  return host == "localhost" || host == "[::1]" || host == listening ||
         IsLoopback(std::string(host));
}

// Of a page that asks: one that this machine serves itself.
bool IsOwnOrigin(std::string_view origin, std::string_view listening) {
  const auto scheme = origin.find("://");
  return scheme != std::string_view::npos && IsOwnName(origin.substr(scheme + 3), listening);
}

// What the org would have said, spoiled by the fault. `lost` actions are not among them.
void Spoil(const FaultRule& fault, Answer& answer) {
  bool wrote = answer.wrote;
  if (fault.action == "status") {
    answer = ErrorAnswer(fault.status, "server", "fault", "A fault of the sandbox");
    if (fault.status < 400 || fault.status == 401) answer.body.clear();
    if (!fault.retry_after.empty()) answer.headers.emplace_back("Retry-After", fault.retry_after);
  } else if (fault.action == "html") {
    answer = {.body = kHtml, .headers = {}, .content_type = "text/html; charset=utf-8"};
  } else if (fault.action == "cut") {
    answer.body.resize(answer.body.size() / 2);
  } else if (fault.action == "wrong_type") {
    answer.body = WithWrongTypes(answer.body);
  } else if (fault.action == "total") {
    answer.body = WithOtherTotal(answer.body, fault.total);
  }
  answer.wrote = wrote;
}

}  // namespace

struct Server::Impl {
  explicit Impl(const Options& options)
      : options(options),
        world(options.settings, options.clock ? *options.clock : base::SystemClock()),
        log(options.log_entries),
        control(world, faults, log),
        saver(world),
        http(options.compress) {}

  base::Result<void> Load();
  base::Result<int> Listen();
  void Handle(const httplib::Request& request, httplib::Response& response);
  void HandleApi(Incoming incoming, const std::string& target, httplib::Response& response);
  void SendBroken(const FaultRule& fault, const Answer& answer, httplib::Response& response);
  void SleepUntil(std::chrono::steady_clock::time_point moment);

  const Options options;
  World world;
  Faults faults;
  RequestLog log;
  Control control;
  Saver saver;
  HttpServer http;
  int port = 0;
  std::thread accepting;
  std::mutex stop_mutex;
  std::condition_variable stop_signal;
  bool stopping = false;
};

base::Result<void> Server::Impl::Load() {
  for (const FaultRule& rule : options.faults) {
    std::string problem = FaultProblem(rule);
    if (!problem.empty()) return base::Fail(base::ErrorKind::kInvalid, "Fault: " + problem);
    faults.Add(rule);
  }
  base::UtcTime now = world.clock().Now();
  bool have_data = !options.data_file.empty() && std::filesystem::exists(options.data_file);
  World::Orgs loaded;
  const std::string& file = have_data ? options.data_file : options.seed_file;
  if (!file.empty()) {
    auto state = LoadState(file, now);
    if (!state) return base::Fail(state.error());
    loaded = std::move(*state);
  }
  if (!have_data) {
    for (const Generate& wanted : options.generated) loaded[wanted.org] = GenerateOrg(wanted, now);
  }
  if (!options.media_folder.empty()) {
    for (auto& [name, org] : loaded) org.bulk.files.KeepIn(options.media_folder + "/" + name);
  }
  world.WithOrgs(true, [&](World::Orgs& orgs) { orgs = std::move(loaded); });
  if (options.data_file.empty()) return {};
  return saver.Start(options.data_file);
}

base::Result<int> Server::Impl::Listen() {
  http.new_task_queue = [this] {
    return new ConnectionThreads(options.threads, [this] { http.MakeRoom(); });
  };
  constexpr std::size_t kBodyMax = 1u << 30;  // bytes, of an upload; see Connection for the others
  http.set_payload_max_length(kBodyMax);
  // The library's default would let two servers share one port without a word.
  http.set_socket_options([](socket_t socket) {
    int on = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  });
  http.set_tcp_nodelay(true);
  constexpr std::time_t kHoldSeconds = 3600;
  http.set_keep_alive_timeout(kHoldSeconds);
  http.set_keep_alive_max_count(std::numeric_limits<int>::max());
  auto handler = [this](const httplib::Request& request, httplib::Response& response) {
    Handle(request, response);
  };
  constexpr const char* kAnyPath = R"([\s\S]*)";
  http.Get(kAnyPath, handler).Post(kAnyPath, handler).Put(kAnyPath, handler);
  http.Patch(kAnyPath, handler).Delete(kAnyPath, handler).Options(kAnyPath, handler);
  if (options.port == 0) {
    port = http.bind_to_any_port(options.host);
  } else if (http.bind_to_port(options.host, options.port)) {
    port = options.port;
  }
  if (port <= 0) {
    return base::Fail(base::ErrorKind::kIo,
                      fmt::format("Cannot listen on {}:{}", options.host, options.port),
                      "Choose another --port, or 0 for any that is free");
  }
  http.DeepenBacklog();
  accepting = std::thread([this] { http.listen_after_bind(); });
  // Stopping a server that is not yet running would be overlooked.
  while (!http.is_running()) std::this_thread::sleep_for(base::Millis(1));
  return port;
}

void Server::Impl::SleepUntil(std::chrono::steady_clock::time_point moment) {
  std::unique_lock lock(stop_mutex);
  stop_signal.wait_until(lock, moment, [&] { return stopping; });
}

void Server::Impl::Handle(const httplib::Request& request, httplib::Response& response) {
  Connection& connection = *Connection::Current();
  connection.BeginAnswer();
  if (const int status = connection.refusal_status(); status != 0) {
    response.set_header("Connection", "close");
    return Send(ErrorAnswer(status, "headers", "invalidHeader", connection.refusal()),
                world.clock().Now(), response);
  }
  Incoming incoming = TakeRequest(request);
  if (!incoming.path.starts_with(kControlPrefix)) {
    HandleApi(incoming, request.target, response);
    // The library cuts the body to the range, but leaves the status alone.
    if (response.status == 200 && !request.ranges.empty()) response.status = 206;
    return;
  }
  if (!IsLoopback(request.remote_addr)) {
    return Send(NotFound("path", incoming.path), world.clock().Now(), response);
  }
  const bool own = IsOwnName(incoming.host, options.host) &&
                   (!request.has_header("Origin") ||
                    IsOwnOrigin(request.get_header_value("Origin"), options.host));
  Send(own ? control.Handle(incoming)
           : ErrorAnswer(403, "Host", "forbidden",
                         "The control paths are for this machine: a web page reached them, or "
                         "another name"),
       world.clock().Now(), response);
}

void Server::Impl::HandleApi(Incoming incoming, const std::string& target,
                             httplib::Response& response) {
  auto answer_at = std::chrono::steady_clock::now() + world.settings().latency;
  std::string org = OrgOfPath(incoming.path);
  std::int64_t sequence = log.Begin({.time = world.clock().Now(),
                                     .method = incoming.method,
                                     .target = target,
                                     .org = org,
                                     .body = org.empty() ? std::string() : incoming.body,
                                     .fault = {}});
  auto fault = faults.Strike(incoming.method, incoming.path);
  std::string action = fault ? fault->action : "";
  if (action == "delay") {
    SleepUntil(std::chrono::steady_clock::now() + base::Millis(fault->delay_ms));
  }
  bool unheard = action == "reset" || action == "stall";
  Answer answer{.status = 0, .body = {}, .headers = {}};
  if (action == "first_page") incoming.params.erase("startIndex");
  if (!unheard && (action != "status" || fault->carry_out)) answer = world.Handle(incoming);
  if (fault) Spoil(*fault, answer);
  bool lost = unheard || action == "lose" || action == "cut_transfer" || action == "endless";
  log.End(sequence, answer.status, answer.wrote, lost, action);
  // Done first, answered later: a client that dies meanwhile finds its write done.
  SleepUntil(answer_at);
  if (lost) return SendBroken(*fault, answer, response);
  Send(answer, world.clock().Now(), response);
}

void Server::Impl::SendBroken(const FaultRule& fault, const Answer& answer,
                              httplib::Response& response) {
  Connection& connection = *Connection::Current();
  if (fault.action == "cut_transfer") {
    const std::string& body = answer.body;
    std::size_t whole = std::max<std::size_t>(body.size(), 2);
    std::string half = body.substr(0, body.size() / 2);
    response.status = answer.status;
    response.set_content_provider(whole, answer.content_type,
                                  [half](std::size_t, std::size_t, httplib::DataSink& sink) {
                                    if (!half.empty()) sink.write(half.data(), half.size());
                                    return false;
                                  });
  } else if (fault.action == "endless") {
    response.status = 200;
    response.set_chunked_content_provider(
        answer.content_type, [](std::size_t offset, httplib::DataSink& sink) {
          static const std::string kBlanks(64 * 1024, ' ');
          return offset == 0 ? sink.write("{\"totalItems\":", 14)
                             : sink.write(kBlanks.data(), kBlanks.size());
        });
  } else {
    constexpr base::Millis kPatience{600'000};
    if (fault.action == "stall") connection.WaitReadable(kPatience);
    connection.Drop(/*reset=*/fault.action == "reset");
  }
}

Server::Server() = default;

Server::~Server() { (void)Stop(); }

base::Result<int> Server::Start(const Options& options) {
  auto impl = std::make_unique<Impl>(options);
  if (auto loaded = impl->Load(); !loaded) return base::Fail(loaded.error());
  auto port = impl->Listen();
  if (port) impl_ = std::move(impl);
  return port;
}

base::Result<void> Server::Stop() {
  if (!impl_ || !impl_->accepting.joinable()) return {};
  {
    std::lock_guard lock(impl_->stop_mutex);
    impl_->stopping = true;
  }
  impl_->stop_signal.notify_all();
  impl_->http.Shutdown();
  impl_->accepting.join();
  return impl_->saver.Stop();
}

std::string Server::Url() const {
  return fmt::format("http://{}:{}", impl_->options.host, impl_->port);
}

std::string Server::TokenUrl() const { return Url() + kTokenUrlPath; }

std::vector<OrgAccess> Server::Orgs() const {
  std::vector<OrgAccess> orgs;
  impl_->world.WithOrgs(false, [&](World::Orgs& all) {
    for (const auto& [name, org] : all) {
      orgs.push_back({name, org.client_id, org.client_secret, org.api_key});
    }
  });
  return orgs;
}

}  // namespace viasync::sandbox

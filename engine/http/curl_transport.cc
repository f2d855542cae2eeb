#include "engine/http/curl_transport.h"

#include <curl/curl.h>
#include <poll.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/base/times.h"
#include "engine/http/curl_exchange.h"

namespace viasync::http {
namespace {

constexpr base::Millis kDriveMax{200};
// Between two looks at a gate that is closed for now.
constexpr base::Millis kGateLook{50};

// libcurl tells which sockets it waits for and until when; we poll them and tell it which moved.
// So its work per wake-up follows what happened, not the number of exchanges in flight.
class CurlTransport : public Transport {
 public:
  CurlTransport(CurlOptions options, base::Clock& clock)
      : options_(std::move(options)), clock_(clock), multi_(curl_multi_init()) {
    if (!multi_) std::abort();  // out of memory
    const long connections = static_cast<long>(options_.connections_max);
    Set(CURLMOPT_SOCKETFUNCTION, &OnSocket);
    Set(CURLMOPT_SOCKETDATA, this);
    Set(CURLMOPT_TIMERFUNCTION, &OnTimer);
    Set(CURLMOPT_TIMERDATA, this);
    Set(CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
    Set(CURLMOPT_MAXCONNECTS, connections);
    Set(CURLMOPT_MAX_TOTAL_CONNECTIONS, connections);
  }

  ~CurlTransport() override {
    for (auto& [easy, exchange] : active_) curl_multi_remove_handle(multi_, easy);
    active_.clear();
    idle_.clear();
    curl_multi_cleanup(multi_);
  }

  void Start(Request request, std::function<void(base::Result<Response>)> done) override;
  void After(base::Millis wait, std::function<void()> done) override;
  bool Drive() override;
  void Guard(std::shared_ptr<base::SendGate> gate) override { gate_ = std::move(gate); }
  base::Clock& clock() override { return clock_; }

 private:
  struct Timer {
    base::Millis due;
    std::uint64_t serial;  // equal times fire in the order they were set
    std::function<void()> done;
    friend bool operator>(const Timer& a, const Timer& b) {
      return std::pair(a.due, a.serial) > std::pair(b.due, b.serial);
    }
  };

  static int OnSocket(CURL*, curl_socket_t socket, int what, void* self, void*);
  static int OnTimer(CURLM*, long wait_ms, void* self);

  template <class Value>
  void Set(CURLMoption option, Value value) {
    curl_multi_setopt(multi_, option, value);
  }

  bool LetIn(Request& request, std::function<void(base::Result<Response>)>& done);
  void Watch(curl_socket_t socket, int what);
  void Act(curl_socket_t socket, int what);
  void Poll();
  void TellOfSilence();
  bool Deliver();  // true = there was something
  void FireTimers();

  const CurlOptions options_;
  base::Clock& clock_;
  CURLM* multi_;
  std::shared_ptr<base::SendGate> gate_;
  std::unordered_map<CURL*, std::unique_ptr<CurlExchange>> active_;
  std::vector<std::unique_ptr<CurlExchange>> idle_;
  std::vector<pollfd> watched_;
  std::vector<std::pair<curl_socket_t, int>> moved_;  // of the current Poll()
  std::optional<base::Millis> curl_due_;
  base::Millis heard_{0};      // when an exchange last ended, or began with nothing under way
  base::Millis told_{0};       // of the silence since
  std::vector<Timer> timers_;  // a heap, the next one first
  std::uint64_t next_serial_ = 0;
};

int CurlTransport::OnSocket(CURL*, curl_socket_t socket, int what, void* self, void*) {
  static_cast<CurlTransport*>(self)->Watch(socket, what);
  return 0;
}

int CurlTransport::OnTimer(CURLM*, long wait_ms, void* self) {
  auto& transport = *static_cast<CurlTransport*>(self);
  transport.curl_due_.reset();
  if (wait_ms >= 0) transport.curl_due_ = transport.clock_.Steady() + base::Millis(wait_ms);
  return 0;
}

void CurlTransport::Watch(curl_socket_t socket, int what) {
  auto known = std::ranges::find(watched_, socket, &pollfd::fd);
  if (what == CURL_POLL_REMOVE) {
    if (known == watched_.end()) return;
    *known = watched_.back();
    watched_.pop_back();
    return;
  }
  if (known == watched_.end()) {
    known = watched_.insert(watched_.end(), {.fd = socket, .events = 0, .revents = 0});
  }
  known->events = 0;
  if (what & CURL_POLL_IN) known->events |= POLLIN;
  if (what & CURL_POLL_OUT) known->events |= POLLOUT;
}

void CurlTransport::Start(Request request, std::function<void(base::Result<Response>)> done) {
  if (gate_ && !LetIn(request, done)) return;
  std::unique_ptr<CurlExchange> exchange;
  if (idle_.empty()) {
    exchange = std::make_unique<CurlExchange>(options_);
  } else {
    exchange = std::move(idle_.back());
    idle_.pop_back();
  }
  if (auto error = exchange->Prepare(std::move(request), std::move(done), gate_.get())) {
    After(base::Millis(0),
          [done = exchange->TakeDone(), error = *std::move(error)] { done(base::Fail(error)); });
    idle_.push_back(std::move(exchange));
    return;
  }
  if (active_.empty()) heard_ = told_ = clock_.Steady();
  if (curl_multi_add_handle(multi_, exchange->easy()) != CURLM_OK) std::abort();  // out of memory
  active_.emplace(exchange->easy(), std::move(exchange));
}

// False: the exchange comes back later, or never.
bool CurlTransport::LetIn(Request& request, std::function<void(base::Result<Response>)>& done) {
  switch (gate_->Ask()) {
    case base::SendGate::Leave::kGo:
      return true;
    case base::SendGate::Leave::kWait: {
      auto held = std::make_shared<Request>(std::move(request));
      After(kGateLook, [this, held, done = std::move(done)]() mutable {
        Start(std::move(*held), std::move(done));
      });
      return false;
    }
    case base::SendGate::Leave::kNever:
      After(base::Millis(0),
            [why = gate_->Why(), done = std::move(done)] { done(base::Fail(why)); });
      return false;
  }
  std::abort();
}

void CurlTransport::After(base::Millis wait, std::function<void()> done) {
  timers_.push_back({clock_.Steady() + wait, next_serial_++, std::move(done)});
  std::ranges::push_heap(timers_, std::greater<>());
}

bool CurlTransport::Drive() {
  if (active_.empty() && timers_.empty()) return false;
  if (curl_due_ && *curl_due_ <= clock_.Steady()) Act(CURL_SOCKET_TIMEOUT, 0);
  // A quick server may have answered while the request was being sent: nothing to wait for then.
  if (!Deliver()) {
    Poll();
    Deliver();
  }
  TellOfSilence();
  FireTimers();
  return true;
}

void CurlTransport::Act(curl_socket_t socket, int what) {
  if (socket == CURL_SOCKET_TIMEOUT) curl_due_.reset();  // libcurl sets it anew where it needs it
  int running = 0;
  curl_multi_socket_action(multi_, socket, what, &running);
}

void CurlTransport::Poll() {
  const base::Millis now = clock_.Steady();
  base::Millis wait = kDriveMax;
  if (curl_due_) wait = std::min(wait, *curl_due_ - now);
  if (!timers_.empty()) wait = std::min(wait, timers_.front().due - now);
  wait = std::max(wait, base::Millis(0));
  // A signal ends the wait early; nothing has moved then.
  if (poll(watched_.data(), watched_.size(), static_cast<int>(wait.count())) <= 0) return;
  moved_.clear();
  // Bytes of a file on its way are a sign of life. Drops of an answer that does not end are none.
  const bool file =
      std::ranges::any_of(active_, [](const auto& one) { return one.second->IsFile(); });
  if (file) heard_ = told_ = clock_.Steady();
  for (const pollfd& entry : watched_) {
    if (!entry.revents) continue;
    // libcurl finds out by itself what is wrong with a broken socket when it reads or writes.
    const bool broken = entry.revents & (POLLERR | POLLHUP | POLLNVAL);
    int what = 0;
    if (entry.events & POLLIN && (broken || entry.revents & POLLIN)) what |= CURL_CSELECT_IN;
    if (entry.events & POLLOUT && (broken || entry.revents & POLLOUT)) what |= CURL_CSELECT_OUT;
    moved_.emplace_back(entry.fd, what);
  }
  for (auto [socket, what] : moved_) Act(socket, what);
}

// Nobody should wonder whether the program still runs.
void CurlTransport::TellOfSilence() {
  const base::Millis now = clock_.Steady();
  if (active_.empty() || !options_.waiting || now - told_ < options_.waiting_every) return;
  told_ = now;
  options_.waiting("still waiting for an answer of " + active_.begin()->second->Host() + " (" +
                   base::FormatDuration(now - heard_) + " so far)");
}

bool CurlTransport::Deliver() {
  bool delivered = false;
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    CURL* easy = message->easy_handle;
    const CURLcode code = message->data.result;
    curl_multi_remove_handle(multi_, easy);
    auto node = active_.extract(easy);
    auto& exchange = node.mapped();
    auto done = exchange->TakeDone();
    auto outcome = exchange->Finish(code);
    idle_.push_back(std::move(exchange));
    done(std::move(outcome));
    delivered = true;
  }
  if (delivered) heard_ = told_ = clock_.Steady();
  return delivered;
}

void CurlTransport::FireTimers() {
  const base::Millis now = clock_.Steady();
  while (!timers_.empty() && timers_.front().due <= now) {
    std::ranges::pop_heap(timers_, std::greater<>());
    auto done = std::move(timers_.back().done);
    timers_.pop_back();
    done();
  }
}

}  // namespace

std::unique_ptr<Transport> MakeCurlTransport(CurlOptions options, base::Clock& clock) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (ready != CURLE_OK) std::abort();  // libcurl and its TLS library do not fit
  return std::make_unique<CurlTransport>(std::move(options), clock);
}

}  // namespace viasync::http

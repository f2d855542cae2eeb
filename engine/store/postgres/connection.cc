#include "engine/store/postgres/connection.h"

#include <fmt/format.h>
#include <poll.h>

#include <array>
#include <charconv>
#include <chrono>
#include <utility>

#include "engine/base/strings.h"

namespace viasync::store {
namespace {

using base::ErrorKind;

base::Millis Steady() {
  return std::chrono::duration_cast<base::Millis>(
      std::chrono::steady_clock::now().time_since_epoch());
}

// False: not in time.
bool WaitFor(int socket, short events, base::Millis until) {
  for (;;) {
    const base::Millis left = until - Steady();
    if (left <= base::Millis(0)) return false;
    pollfd entry{.fd = socket, .events = events, .revents = 0};
    if (poll(&entry, 1, static_cast<int>(left.count())) > 0) return true;
  }
}

std::string OneLine(std::string_view text) {
  std::string line;
  for (auto part : base::Split(text, '\n')) {
    part = base::Trim(part);
    if (part.empty()) continue;
    line += (line.empty() ? "" : "; ") + std::string(part);
  }
  return base::Printable(line);
}

bool Has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// What is wrong with a connection that never came about, from libpq's words: it has no codes.
base::Error ExplainNoConnection(const PostgresFailure& failure, const std::string& shown) {
  const std::string& why = failure.message;
  const std::string what = fmt::format("the store {} cannot be reached: {}", shown, OneLine(why));
  if (Has(why, "password authentication failed") || Has(why, "no password supplied") ||
      Has(why, "wrong password") || Has(why, "SASL authentication failed") ||
      Has(why, "empty password")) {
    return {ErrorKind::kAuth, what,
            "Set VIASYNC_<ENV>_STORE_PASSWORD, PGPASSWORD or PGPASSFILE, or let the "
            "`credential_command` print `store_password`"};
  }
  if (Has(why, "certificate") || Has(why, "SSL") || Has(why, "server does not support")) {
    return {ErrorKind::kIo, what,
            "The server must prove who it is: give its authority with `sslrootcert=FILE` in "
            "`store`, and the name that stands in its certificate as the host"};
  }
  if (Has(why, "read-only") || Has(why, "hot standby")) {
    return {ErrorKind::kIo, what, "Give the primary server in `store`: this one takes no writes"};
  }
  if (Has(why, "does not exist")) {
    return {ErrorKind::kIo, what, "Check user and database in `store`"};
  }
  return {ErrorKind::kIo, what,
          "Check host and port in `store`, the network, and that the server runs"};
}

}  // namespace

base::Error Explain(const PostgresFailure& failure, const std::string& shown) {
  if (failure.state.empty() && !failure.lost) return ExplainNoConnection(failure, shown);
  const std::string what =
      fmt::format("the store {} {}: {}", shown, failure.lost ? "did not answer" : "could not do it",
                  OneLine(failure.message));
  if (Has(failure.message, "statement pooling mode")) {
    return {ErrorKind::kInvalid, what,
            "Let the pooler work in transaction mode: `pool_mode = transaction`"};
  }
  if (failure.lost) return {ErrorKind::kIo, what, "Check the network and that the server runs"};
  const std::string& state = failure.state;
  if (state == "42501") {
    return {ErrorKind::kAuth, what, "Grant the role the rights that docs/team-store.md names"};
  }
  if (state == "25006") {
    return {ErrorKind::kIo, what, "Give the primary server in `store`: this one takes no writes"};
  }
  if (state.starts_with("53")) {
    return {ErrorKind::kIo, what,
            "Nothing of it was written. Make room on the server, then run the command again"};
  }
  if (state.starts_with("57P")) return {ErrorKind::kIo, what, "Run the command again"};
  if (state == "55P03" || state == "57014") {
    return {ErrorKind::kBusy, what, "Somebody holds a lock in the database: find out who"};
  }
  return {ErrorKind::kIo, what, "Nothing of it was written. See the server's log"};
}

std::string Literal(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text = "decode('";
  text.reserve(bytes.size() * 2 + 16);
  for (unsigned char c : bytes) {
    text += kDigits[c >> 4];
    text += kDigits[c & 15];
  }
  return text + "','hex')";
}

// --- rows -------------------------------------------------------------------------------------

std::int64_t Rows::Int(int row, int column) const {
  const char* data = PQgetvalue(result_.get(), row, column);
  const int size = PQgetlength(result_.get(), row, column);
  if (PQfformat(result_.get(), column) == 0) {
    std::int64_t number = 0;
    std::from_chars(data, data + size, number);
    return number;
  }
  std::uint64_t number = 0;
  for (int i = 0; i < size; ++i) number = number << 8 | static_cast<unsigned char>(data[i]);
  return static_cast<std::int64_t>(number);
}

bool Rows::Bool(int row, int column) const {
  const char first = PQgetvalue(result_.get(), row, column)[0];
  return first == 't' || first == 1;
}

std::string Rows::Bytes(int row, int column) const {
  const char* data = PQgetvalue(result_.get(), row, column);
  const auto size = static_cast<std::size_t>(PQgetlength(result_.get(), row, column));
  std::string_view text(data, size);
  if (PQfformat(result_.get(), column) == 1 || !text.starts_with("\\x")) return std::string(text);
  std::string bytes;
  auto value = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  for (std::size_t i = 2; i + 1 < size; i += 2) {
    bytes += static_cast<char>(value(text[i]) << 4 | value(text[i + 1]));
  }
  return bytes;
}

std::optional<std::int64_t> Rows::MaybeInt(int row, int column) const {
  if (IsNull(row, column)) return std::nullopt;
  return Int(row, column);
}

Parameter::Parameter(std::int64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) {
    bytes += static_cast<char>(static_cast<std::uint64_t>(number) >> shift & 0xff);
  }
}

// --- connection -------------------------------------------------------------------------------

Connection::~Connection() { PQfinish(connection_); }

Reply<std::unique_ptr<Connection>> Connection::Open(const PostgresAddress& address, bool writes,
                                                    base::Millis patience) {
  auto keywords = address.keywords;
  keywords.emplace("application_name", "viasync");
  keywords.emplace("client_encoding", "UTF8");
  keywords.emplace("gssencmode", "disable");
  keywords.emplace("target_session_attrs", writes ? "read-write" : "any");
  // A server that went away without a word is found out within the lease.
  keywords.emplace("keepalives_idle", "5");
  keywords.emplace("keepalives_interval", "5");
  keywords.emplace("keepalives_count", "2");
  keywords.emplace("tcp_user_timeout", "15000");
  std::vector<const char*> names, values;
  for (const auto& [name, value] : keywords) {
    if (value.empty()) continue;
    names.push_back(name.c_str());
    values.push_back(value.c_str());
  }
  names.push_back(nullptr);
  values.push_back(nullptr);
  PGconn* raw = PQconnectStartParams(names.data(), values.data(), 0);
  if (!raw) return std::unexpected(PostgresFailure{.message = "out of memory"});
  std::unique_ptr<Connection> connection(new Connection(raw));
  PQsetNoticeProcessor(
      raw, [](void*, const char*) {}, nullptr);
  const base::Millis until = Steady() + patience;
  auto state = PQstatus(raw) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
  while (state != PGRES_POLLING_OK && state != PGRES_POLLING_FAILED) {
    const short events = state == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    if (!WaitFor(PQsocket(raw), events, until)) {
      return std::unexpected(PostgresFailure{
          .message = fmt::format("no answer within {} s", patience.count() / 1000)});
    }
    state = PQconnectPoll(raw);
  }
  if (state == PGRES_POLLING_FAILED) {
    return std::unexpected(PostgresFailure{.message = PQerrorMessage(raw)});
  }
  PQsetnonblocking(raw, 1);
  return connection;
}

PostgresFailure Connection::Lost(std::string why) {
  lost_ = true;
  return {.message = std::move(why), .lost = true};
}

std::optional<PostgresFailure> Connection::Send() {
  const base::Millis until = Steady() + patience_;
  for (;;) {
    const int left = PQflush(connection_);
    if (left == 0) return std::nullopt;
    if (left < 0) return Lost(PQerrorMessage(connection_));
    if (!WaitFor(PQsocket(connection_), POLLOUT | POLLIN, until)) {
      return Lost("the server takes nothing");
    }
    if (!PQconsumeInput(connection_)) return Lost(PQerrorMessage(connection_));
  }
}

Reply<PGresult*> Connection::Next() {
  const base::Millis until = Steady() + patience_;
  while (PQisBusy(connection_)) {
    if (!WaitFor(PQsocket(connection_), POLLIN, until)) {
      return std::unexpected(Lost(fmt::format("no answer within {} s", patience_.count() / 1000)));
    }
    if (!PQconsumeInput(connection_)) return std::unexpected(Lost(PQerrorMessage(connection_)));
  }
  return PQgetResult(connection_);
}

namespace {

PostgresFailure FailureOf(const PGresult* result, const PGconn* connection) {
  const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const char* text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  PostgresFailure failure{.state = state ? state : "",
                          .message = text ? text : PQresultErrorMessage(result)};
  // The server ends the connection with such an error, or libpq lost it.
  failure.lost = failure.state.empty() || failure.state.starts_with("08") ||
                 failure.state.starts_with("57P") || PQstatus(connection) == CONNECTION_BAD;
  return failure;
}

}  // namespace

Reply<Rows> Connection::Query(const char* sql, const std::vector<Parameter>& parameters) {
  std::vector<const char*> values;
  std::vector<int> sizes, formats;
  for (const Parameter& parameter : parameters) {
    values.push_back(parameter.bytes.c_str());
    sizes.push_back(static_cast<int>(parameter.bytes.size()));
    formats.push_back(1);
  }
  if (!PQsendQueryParams(connection_, sql, static_cast<int>(parameters.size()), nullptr,
                         values.data(), sizes.data(), formats.data(), 1)) {
    return std::unexpected(Lost(PQerrorMessage(connection_)));
  }
  if (auto failed = Send()) return std::unexpected(std::move(*failed));
  std::optional<Rows> rows;
  std::optional<PostgresFailure> failure;
  for (;;) {
    auto next = Next();
    if (!next) return std::unexpected(std::move(next.error()));
    if (!*next) break;
    Rows result(*next);
    const auto status = PQresultStatus(*next);
    if (status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE) {
      if (!failure) failure = FailureOf(*next, connection_);
    }
    rows.emplace(std::move(result));
  }
  if (!failure && PQstatus(connection_) == CONNECTION_BAD) {
    failure = Lost(PQerrorMessage(connection_));
  }
  if (failure) {
    lost_ = lost_ || failure->lost;
    return std::unexpected(std::move(*failure));
  }
  if (!rows) return std::unexpected(Lost("the server's answer is empty"));
  return std::move(*rows);
}

Reply<std::vector<Rows>> Connection::Run(const std::string& script) {
  if (!PQsendQuery(connection_, script.c_str())) {
    return std::unexpected(Lost(PQerrorMessage(connection_)));
  }
  if (auto failed = Send()) return std::unexpected(std::move(*failed));
  std::vector<Rows> all;
  std::optional<PostgresFailure> failure;
  for (;;) {
    auto next = Next();
    if (!next) return std::unexpected(std::move(next.error()));
    if (!*next) break;
    Rows result(*next);
    const auto status = PQresultStatus(*next);
    if (status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE) {
      if (!failure) failure = FailureOf(*next, connection_);
    }
    if (status == PGRES_TUPLES_OK) all.push_back(std::move(result));
  }
  if (!failure && PQstatus(connection_) == CONNECTION_BAD) {
    failure = Lost(PQerrorMessage(connection_));
  }
  if (!failure) return all;
  lost_ = lost_ || failure->lost;
  if (!lost_ && PQtransactionStatus(connection_) != PQTRANS_IDLE) (void)Run("ROLLBACK");
  return std::unexpected(std::move(*failure));
}

}  // namespace viasync::store

// A thin layer over libpq: a connection, statements with parameters, scripts that take one way to
// the server and back, and a deadline on everything, so that a server that hangs hangs nobody.
//
// Nothing here needs a session of its own: it works behind a pooler that gives each transaction
// another connection.
#pragma once

#include <postgresql/libpq-fe.h>

#include <cstdint>
#include <expected>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/ports.h"
#include "engine/base/result.h"

namespace viasync::store {

// Where the server is and who asks.
struct PostgresAddress {
  std::map<std::string, std::string> keywords;  // of libpq, with the password
  std::string shown;                            // for people, without it
};

// Why the server did not do it.
struct PostgresFailure {
  std::string state;    // the SQLSTATE; empty: there was no answer
  std::string message;  // the server's words, or libpq's
  bool lost = false;    // the connection is gone, and nobody knows what became of the statement
};

template <class T>
using Reply = std::expected<T, PostgresFailure>;

// What `failure` means to a person, about the store at `shown`. kIo, kInvalid or kAuth.
base::Error Explain(const PostgresFailure& failure, const std::string& shown);

class Rows {
 public:
  explicit Rows(PGresult* result) : result_(result) {}

  int size() const { return PQntuples(result_.get()); }
  bool IsNull(int row, int column) const { return PQgetisnull(result_.get(), row, column) != 0; }
  std::int64_t Int(int row, int column) const;  // of a bigint
  bool Bool(int row, int column) const;
  std::string Bytes(int row, int column) const;  // of a bytea or text
  std::optional<std::int64_t> MaybeInt(int row, int column) const;

 private:
  struct Free {
    void operator()(PGresult* result) const { PQclear(result); }
  };
  std::unique_ptr<PGresult, Free> result_;
};

// A parameter of a statement.
struct Parameter {
  Parameter(std::string_view given) : bytes(given) {}  // a bytea or text, as they are
  Parameter(const std::string& given) : bytes(given) {}
  Parameter(std::int64_t number);  // a bigint
  std::string bytes;
};

class Connection {
 public:
  // `writes`: a server that takes no writes is refused. Gives up after `patience`.
  static Reply<std::unique_ptr<Connection>> Open(const PostgresAddress& address, bool writes,
                                                 base::Millis patience);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // One statement. Columns must be bigint, boolean, bytea or text.
  Reply<Rows> Query(const char* sql, const std::vector<Parameter>& parameters = {});
  // Statements one after the other, in one go; the rows of each that has some. After an error no
  // transaction is open any more.
  Reply<std::vector<Rows>> Run(const std::string& script);

  // How long a statement may take; 60 s unless told.
  void SetPatience(base::Millis patience) { patience_ = patience; }

  // No use any more: make another.
  bool lost() const { return lost_; }

 private:
  explicit Connection(PGconn* connection) : connection_(connection) {}
  std::optional<PostgresFailure> Send();
  // The next result; null: there is none. In time, or the connection is lost.
  Reply<PGresult*> Next();
  PostgresFailure Lost(std::string why);

  PGconn* connection_;
  bool lost_ = false;
  base::Millis patience_{60'000};
};

// `bytes` as a literal of type bytea, whatever they are and however the server is set.
std::string Literal(std::string_view bytes);

}  // namespace viasync::store

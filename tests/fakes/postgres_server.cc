#include "tests/fakes/postgres_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <postgresql/libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>

namespace viasync::fakes {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void Give(const std::string& why) {
  std::fprintf(stderr, "PostgreSQL for tests: %s\n", why.c_str());
  std::abort();
}

// Where Debian keeps the programs of the newest version.
std::string Program(const std::string& name) {
  std::string newest;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", failed)) {
    const std::string path = entry.path().string() + "/bin/" + name;
    if (fs::exists(path) && path > newest) newest = path;
  }
  if (newest.empty()) Give("the package `postgresql` is not installed");
  return newest;
}

const passwd* ServersUser() {
  const passwd* user = getpwnam("postgres");
  if (!user) Give("there is no user `postgres`");
  return user;
}

// Neither initdb nor the servers run as root.
pid_t Spawn(const std::vector<std::string>& words, const std::string& log) {
  const passwd* user = geteuid() == 0 ? ServersUser() : nullptr;
  std::vector<char*> args;
  for (const auto& word : words) args.push_back(const_cast<char*>(word.c_str()));
  args.push_back(nullptr);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child != 0) return child;
  // It must not outlive the test, however that ends.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
  const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666);
  dup2(out, STDOUT_FILENO);
  dup2(out, STDERR_FILENO);
  if (user &&
      (setgroups(0, nullptr) != 0 || setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0)) {
    _exit(1);
  }
  // setuid() clears it.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (chdir("/") != 0) _exit(1);
  execv(args[0], args.data());
  _exit(127);
}

std::string Log(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

int FreePort() {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    Give("no free port");
  }
  close(fd);
  return ntohs(address.sin_port);
}

PostgresServer::PostgresServer(bool durable) : port_(FreePort()), durable_(durable) {
  folder_ = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
  folder_ += "/viasync_pg_XXXXXX";
  if (!mkdtemp(folder_.data())) Give("no folder");
  chmod(folder_.c_str(), 0777);
  const pid_t made = Spawn({Program("initdb"), "-D", folder_ + "/data", "-U", kUser, "-A", "trust",
                            "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"},
                           folder_ + "/log");
  int status = 0;
  waitpid(made, &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    Give("initdb failed: " + Log(folder_ + "/log"));
  Start();
}

PostgresServer::~PostgresServer() {
  Stop(/*crash=*/true);
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

PostgresServer& PostgresServer::Shared() {
  static PostgresServer server;
  return server;
}

void PostgresServer::Start() {
  if (pid_ > 0) return;
  pid_ = Spawn(
      {Program("postgres"), "-D", folder_ + "/data", "-p", std::to_string(port_), "-k", folder_,
       "-c", "listen_addresses=127.0.0.1", "-c", durable_ ? "fsync=on" : "fsync=off", "-c",
       "max_connections=60", "-c", "shared_buffers=16MB", "-c", "logging_collector=off"},
      folder_ + "/log");
  const std::string where = "host=127.0.0.1 dbname=postgres user=" + std::string(kUser) +
                            " port=" + std::to_string(port_);
  for (int tries = 0; tries < 600; ++tries) {
    if (PQping(where.c_str()) == PQPING_OK) return;
    if (waitpid(pid_, nullptr, WNOHANG) == pid_) break;
    usleep(50'000);
  }
  Give("the server does not start: " + Log(folder_ + "/log"));
}

void PostgresServer::Stop(bool crash) {
  if (pid_ <= 0) return;
  kill(pid_, crash ? SIGQUIT : SIGINT);  // immediate or fast shutdown
  waitpid(pid_, nullptr, 0);
  pid_ = 0;
}

std::string PostgresServer::Uri(const std::string& database, const std::string& user) const {
  return "postgresql://" + user + "@127.0.0.1:" + std::to_string(port_) + "/" + database;
}

std::string PostgresServer::Sql(const std::string& sql, const std::string& database) {
  std::unique_ptr<PGconn, void (*)(PGconn*)> connection(PQconnectdb(Uri(database).c_str()),
                                                        &PQfinish);
  std::unique_ptr<PGresult, void (*)(PGresult*)> result(PQexec(connection.get(), sql.c_str()),
                                                        &PQclear);
  const auto status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY) {
    Give(sql + ": " + PQerrorMessage(connection.get()));
  }
  if (PQntuples(result.get()) == 0 || PQnfields(result.get()) == 0) return {};
  return PQgetvalue(result.get(), 0, 0);
}

std::string PostgresServer::NewDatabase() {
  std::string name = "db" + std::to_string(++databases_);
  Sql("CREATE DATABASE " + name);
  return name;
}

PgBouncer::PgBouncer(PostgresServer& server, const std::string& mode) : port_(FreePort()) {
  const std::string folder = server.folder() + "/bouncer" + std::to_string(port_);
  fs::create_directory(folder);
  chmod(folder.c_str(), 0777);
  {
    std::ofstream(folder + "/users") << "\"" << PostgresServer::kUser << "\" \"\"\n";
    std::ofstream file(folder + "/ini");
    file << "[databases]\n* = host=127.0.0.1 port=" << server.port()
         << "\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = " << port_
         << "\nunix_socket_dir =\nauth_type = trust\nauth_file = " << folder
         << "/users\npool_mode = " << mode << "\ndefault_pool_size = 3\nlogfile = " << folder
         << "/log\n";
  }
  chmod((folder + "/ini").c_str(), 0644);
  chmod((folder + "/users").c_str(), 0644);
  pid_ = Spawn({"/usr/sbin/pgbouncer", folder + "/ini"}, folder + "/out");
  const std::string where =
      "host=127.0.0.1 dbname=postgres user=" + std::string(PostgresServer::kUser) +
      " port=" + std::to_string(port_);
  for (int tries = 0; tries < 200; ++tries) {
    if (PQping(where.c_str()) == PQPING_OK) return;
    usleep(50'000);
  }
  Give("pgbouncer does not start: " + Log(folder + "/out") + Log(folder + "/log"));
}

PgBouncer::~PgBouncer() {
  if (pid_ <= 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

}  // namespace viasync::fakes

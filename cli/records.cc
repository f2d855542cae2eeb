#include <CLI/CLI.hpp>
#include <memory>

#include "cli/bulk_flow.h"
#include "cli/command.h"
#include "cli/org_flow.h"

namespace viasync::cli {
namespace {

CLI::App* AddRecordsVerb(CLI::App& app, const char* name, const char* help, BulkFlags& flags) {
  auto* verb = AddVerb(app, name, help);
  verb->add_option("STRATEGY", flags.target, "its name or id")->required();
  AddBulkFlags(*verb, flags);
  verb->add_flag("--wait", flags.wait,
                 "wait until the org has carried all out, and say how it went");
  return verb;
}

}  // namespace

Run DefineRecords(CLI::App& app, const Globals& globals) {
  auto insert = std::make_shared<BulkFlags>(), update = std::make_shared<BulkFlags>();
  insert->kind = workflow::BulkKind::kInsert;
  update->kind = workflow::BulkKind::kUpdate;
  app.require_subcommand(1);
  auto* inserts = AddRecordsVerb(app, "insert", "add records to a strategy's database", *insert);
  AddRecordsVerb(app, "update", "change fields of records; the first column finds them", *update);
  app.footer(
      "CSV: the header names fields of the schema, as in @ACCOUNT,@NUMBER. JSON Lines: a record\n"
      "a line, as the API takes it or as {\"@ACCOUNT\": \"100545\"}. No row is sent twice: what "
      "is\n"
      "in the result file is left alone.");
  return [&globals, insert, update, inserts] {
    return inserts->parsed() ? RunBulkCommand(globals, *insert, "records insert", "record")
                             : RunBulkCommand(globals, *update, "records update", "record");
  };
}

Run DefineFastPath(CLI::App& app, const Globals& globals) {
  auto flags = std::make_shared<BulkFlags>();
  flags->kind = workflow::BulkKind::kFastPath;
  app.add_option("LIST", flags->target, "a fast path list, by name or id")->required();
  AddBulkFlags(app, *flags);
  app.add_option("--client-session", flags->client_session,
                 "the streaming session that gets the events of the records")
      ->type_name("ID")
      ->check([](const std::string& text) {
        bool visible = text.find_first_not_of(
                           "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~") ==
                       std::string::npos;
        return visible ? std::string() : std::string("is no session id");
      });
  app.footer("CSV columns: record, custom1, custom2, custom3.");
  return [&globals, flags] { return RunBulkCommand(globals, *flags, "fastpath", "record"); };
}

Run DefineAttempts(CLI::App& app, const Globals& globals) {
  auto flags = std::make_shared<BulkFlags>();
  flags->kind = workflow::BulkKind::kAttempts;
  AddBulkFlags(app, *flags);
  app.footer(
      "CSV columns: customer, phoneDialed, responseStatus, timeOfAttempt, numberType, geoCode,\n"
      "purposeName, key.");
  return [&globals, flags] { return RunBulkCommand(globals, *flags, "attempts", "attempt"); };
}

Run DefineCallbacks(CLI::App& app, const Globals& globals) {
  auto flags = std::make_shared<BulkFlags>();
  flags->kind = workflow::BulkKind::kCallbacks;
  AddBulkFlags(app, *flags);
  app.footer(
      "CSV columns: workTypeId, phoneNumber, callbackDateTime, callbackType, userId, memo,\n"
      "olsonTimeZone, accountNumber, secondaryServiceNumber, customer, numberType,\n"
      "userDefinedData1 to userDefinedData20. A callback of the same phone number and work type "
      "is\n"
      "changed, not made anew.");
  return [&globals, flags] { return RunBulkCommand(globals, *flags, "callbacks", "callback"); };
}

}  // namespace viasync::cli

#include <memory>

#include "cli/bulk_flow.h"
#include "cli/command.h"
#include "cli/org_flow.h"

namespace viasync::cli {
namespace {

Args* AddRecordsVerb(Args& args, const char* name, const char* help, BulkFlags& flags) {
  auto* verb = AddVerb(args, name, help);
  verb->Text("STRATEGY", flags.target, "its name or id").Required();
  AddBulkFlags(*verb, flags);
  verb->Flag("--wait", flags.wait,
             "wait until the org has carried all out, and say how it went (updates always do)");
  return verb;
}

}  // namespace

Run DefineRecords(Args& args, const Globals& globals) {
  auto insert = std::make_shared<BulkFlags>(), update = std::make_shared<BulkFlags>();
  insert->kind = workflow::BulkKind::kInsert;
  update->kind = workflow::BulkKind::kUpdate;
  args.RequireCommand();
  auto* inserts = AddRecordsVerb(args, "insert", "add records to a strategy's database", *insert);
  AddRecordsVerb(args, "update", "change fields of records; the first column finds them", *update);
  args.Footer(
      "CSV: the header names fields of the schema, as in @ACCOUNT,@NUMBER. JSON Lines: a record "
      "a line, as the API takes it or as {\"@ACCOUNT\": \"100545\"}. No row is sent twice: what "
      "is in the result file is left alone.");
  return [&globals, insert, update, inserts] {
    return inserts->Chosen() ? RunBulkCommand(globals, *insert, "records insert", "record")
                             : RunBulkCommand(globals, *update, "records update", "record");
  };
}

Run DefineFastPath(Args& args, const Globals& globals) {
  auto flags = std::make_shared<BulkFlags>();
  flags->kind = workflow::BulkKind::kFastPath;
  args.Text("LIST", flags->target, "a fast path list, by name or id").Required();
  AddBulkFlags(args, *flags);
  args.Text("--client-session", flags->client_session,
            "the streaming session that gets the events of the records")
      .Value("ID")
      .Check([](const std::string& text) {
        bool visible = text.find_first_not_of(
                           "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~") ==
                       std::string::npos;
        return visible ? std::string() : std::string("is not a valid session id");
      });
  args.Footer("CSV columns: record, custom1, custom2, custom3.");
  return [&globals, flags] { return RunBulkCommand(globals, *flags, "fastpath", "record"); };
}

Run DefineAttempts(Args& args, const Globals& globals) {
  auto flags = std::make_shared<BulkFlags>();
  flags->kind = workflow::BulkKind::kAttempts;
  AddBulkFlags(args, *flags);
  args.Footer(
      "CSV columns: customer, phoneDialed, responseStatus, timeOfAttempt, numberType, geoCode, "
      "purposeName, key.");
  return [&globals, flags] { return RunBulkCommand(globals, *flags, "attempts", "attempt"); };
}

Run DefineCallbacks(Args& args, const Globals& globals) {
  auto flags = std::make_shared<BulkFlags>();
  flags->kind = workflow::BulkKind::kCallbacks;
  AddBulkFlags(args, *flags);
  args.Footer(
      "CSV columns: workTypeId, phoneNumber, callbackDateTime, callbackType, userId, memo, "
      "olsonTimeZone, accountNumber, secondaryServiceNumber, customer, numberType, "
      "userDefinedData1 to userDefinedData20. A callback of the same phone number and work type "
      "is changed, not created again.");
  return [&globals, flags] { return RunBulkCommand(globals, *flags, "callbacks", "callback"); };
}

}  // namespace viasync::cli

// The state of all orgs as JSON: what a seed file (testdata/orgs.json), `--data FILE` and the
// control endpoint read and write. One format for all three:
//
//   {"orgs": {"acme-dev": {
//     "client_id": "…", "client_secret": "…", "api_key": "…",          required
//     "schemas":    [{"id": "1", "schemaName": "BaseSchema", "schemaDescription": "…",
//                     "tenantId": 1, "lastModifiedBy": "…", "lastUpdatedDate": "…Z"}],
//     "filters":    [{"id": "12", "version": 7, "filterName": "InitialLeadPhase",
//                     "filterDescription": "…", "schemaId": "1", "filterCriteria": "…",
//                     "lastModifiedBy": "maria", "lastModifiedDate": "…Z"}],
//     "lists":      [{"id": 234, "version": 9, "name": "BaseOutreachList1", "listType": 1,
//                     "filterName": "InitialLeadPhase", "description": "…", "strategy": "…",
//                     "status": 0, "penetration": 0, "hitRate": 0, "saturation": 0,
//                     "exclusionFilter": "…", "purposeName": "…"}],
//     "exclusions": [{"id": 123, "version": 3, "contactType": 1, "contactAddress": "0987…",
//                     "contactListName": "ContactList1", "reason": "…", "startTime": "…Z",
//                     "endPattern": 1, "endTime": "…Z", "creationTime": "…Z",
//                     "lastModifiedTime": "…Z"}]}}}
//
// Properties are named as in the API. Every array may be left out. Required in an entry:
// schemaName; filterName and filterCriteria; name and listType; contactType, contactAddress and
// startTime (endPattern follows from endTime: left out or "0" = no end). All others may be left
// out: ids and versions are then assigned, times are the moment of loading, users "system". ids of
// schemas and filters are strings, ids of lists and exclusions are integers. An unknown property,
// a wrong type, a repeated id or name, an unknown schemaId, filterName or contactListName is an
// error that names its JSON path.
#pragma once

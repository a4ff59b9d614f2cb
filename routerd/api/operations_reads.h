// The reads of OperationsService: request checked, read model asked, response filled. No gRPC here.
#pragma once

#include "routerd/api/read_model.h"
#include "routerd/api/runtime.h"
#include "routerd/api/status_source.h"
#include "routerd/v1/operations.pb.h"

namespace routerd::api {

Status Read(const ReadModel&, const v1::ListQueuesRequest&, v1::ListQueuesResponse*);
Status Read(const ReadModel&, const v1::GetQueueRequest&, v1::GetQueueResponse*);
Status Read(const ReadModel&, const v1::ListAgentsRequest&, v1::ListAgentsResponse*);
Status Read(const ReadModel&, const v1::GetAgentRequest&, v1::GetAgentResponse*);
Status Read(const ReadModel&, const v1::ListContactsRequest&, v1::ListContactsResponse*);
Status Read(const ReadModel&, const v1::GetContactRequest&, v1::GetContactResponse*);
Status Read(const ReadModel&, const v1::ListOverridesRequest&, v1::ListOverridesResponse*);

void FillStatus(const Runtime&, const ReadModel&, const StatusSource&, v1::GetStatusResponse*);
// The domain's row and what the api itself counts.
void FillDomain(const Runtime&, const DomainRow&, v1::DomainState*);

}  // namespace routerd::api

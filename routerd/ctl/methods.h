// The calls that routerctl makes, each with the types of its messages, so that only the right ones
// go with it. The types are named and not included: whoever calls has those that he uses.
#pragma once

namespace routerd::v1 {

class ApplyPolicyRequest;
class ApplyPolicyResponse;
class ArriveRequest;
class ArriveResponse;
class CheckPolicyRequest;
class CheckPolicyResponse;
class GetAgentRequest;
class GetAgentResponse;
class GetContactRequest;
class GetContactResponse;
class GetPolicyRequest;
class GetPolicyResponse;
class GetQueueRequest;
class GetQueueResponse;
class GetStatusRequest;
class GetStatusResponse;
class ListAgentsRequest;
class ListAgentsResponse;
class ListOverridesRequest;
class ListOverridesResponse;
class ListContactsRequest;
class ListContactsResponse;
class ListQueuesRequest;
class ListQueuesResponse;
class MoveContactRequest;
class MoveContactResponse;
class RemoveContactRequest;
class RemoveContactResponse;
class SetAgentSkillsRequest;
class SetAgentSkillsResponse;
class SetAgentStateRequest;
class SetAgentStateResponse;
class SetContactPriorityRequest;
class SetContactPriorityResponse;
class MoveQueueRequest;
class MoveQueueResponse;
class SetQueueModeRequest;
class SetQueueModeResponse;
class StreamEventsRequest;
class StreamEventsResponse;
class WatchStateRequest;
class WatchStateResponse;

}  // namespace routerd::v1

namespace routerd::ctl {

// A call that is answered once.
template <typename Request, typename Response>
struct Unary {
  const char* path;  // as gRPC has it
};

// A call that is answered on and on.
template <typename Request, typename Response>
struct ServerStream {
  const char* path;
};

// clang-format off
inline constexpr Unary<v1::GetStatusRequest, v1::GetStatusResponse>
    kGetStatus{"/routerd.v1.OperationsService/GetStatus"};
inline constexpr Unary<v1::ListQueuesRequest, v1::ListQueuesResponse>
    kListQueues{"/routerd.v1.OperationsService/ListQueues"};
inline constexpr Unary<v1::GetQueueRequest, v1::GetQueueResponse>
    kGetQueue{"/routerd.v1.OperationsService/GetQueue"};
inline constexpr Unary<v1::ListAgentsRequest, v1::ListAgentsResponse>
    kListAgents{"/routerd.v1.OperationsService/ListAgents"};
inline constexpr Unary<v1::GetAgentRequest, v1::GetAgentResponse>
    kGetAgent{"/routerd.v1.OperationsService/GetAgent"};
inline constexpr Unary<v1::ListContactsRequest, v1::ListContactsResponse>
    kListContacts{"/routerd.v1.OperationsService/ListContacts"};
inline constexpr Unary<v1::GetContactRequest, v1::GetContactResponse>
    kGetContact{"/routerd.v1.OperationsService/GetContact"};
inline constexpr Unary<v1::ListOverridesRequest, v1::ListOverridesResponse>
    kListOverrides{"/routerd.v1.OperationsService/ListOverrides"};
inline constexpr ServerStream<v1::WatchStateRequest, v1::WatchStateResponse>
    kWatchState{"/routerd.v1.OperationsService/WatchState"};
inline constexpr Unary<v1::CheckPolicyRequest, v1::CheckPolicyResponse>
    kCheckPolicy{"/routerd.v1.OperationsService/CheckPolicy"};
inline constexpr Unary<v1::ApplyPolicyRequest, v1::ApplyPolicyResponse>
    kApplyPolicy{"/routerd.v1.OperationsService/ApplyPolicy"};
inline constexpr Unary<v1::GetPolicyRequest, v1::GetPolicyResponse>
    kGetPolicy{"/routerd.v1.OperationsService/GetPolicy"};
inline constexpr Unary<v1::SetAgentStateRequest, v1::SetAgentStateResponse>
    kSetAgentState{"/routerd.v1.OperationsService/SetAgentState"};
inline constexpr Unary<v1::SetAgentSkillsRequest, v1::SetAgentSkillsResponse>
    kSetAgentSkills{"/routerd.v1.OperationsService/SetAgentSkills"};
inline constexpr Unary<v1::SetContactPriorityRequest, v1::SetContactPriorityResponse>
    kSetContactPriority{"/routerd.v1.OperationsService/SetContactPriority"};
inline constexpr Unary<v1::MoveContactRequest, v1::MoveContactResponse>
    kMoveContact{"/routerd.v1.OperationsService/MoveContact"};
inline constexpr Unary<v1::RemoveContactRequest, v1::RemoveContactResponse>
    kRemoveContact{"/routerd.v1.OperationsService/RemoveContact"};
inline constexpr Unary<v1::SetQueueModeRequest, v1::SetQueueModeResponse>
    kSetQueueMode{"/routerd.v1.OperationsService/SetQueueMode"};
inline constexpr Unary<v1::MoveQueueRequest, v1::MoveQueueResponse>
    kMoveQueue{"/routerd.v1.OperationsService/MoveQueue"};
inline constexpr Unary<v1::ArriveRequest, v1::ArriveResponse>
    kArrive{"/routerd.v1.ContactGatewayService/Arrive"};
inline constexpr ServerStream<v1::StreamEventsRequest, v1::StreamEventsResponse>
    kStreamEvents{"/routerd.v1.EventsService/StreamEvents"};
// clang-format on

}  // namespace routerd::ctl

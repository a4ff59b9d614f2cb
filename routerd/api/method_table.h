// The one list of commands: X(Method, field) stands for MethodRequest, MethodResponse, the rpc
// Method and the field of the session's oneof. Unary calls and session frames are both made from
// it, so that neither can do what the other does not.
#pragma once

#define ROUTERD_GATEWAY_METHODS(X)                    \
  X(Arrive, arrive)                                   \
  X(UpdateContact, update_contact)                    \
  X(TransferContact, transfer_contact)                \
  X(WithdrawContact, withdraw_contact)                \
  X(ReportAgentAnswered, report_agent_answered)       \
  X(ReportConnected, report_connected)                \
  X(ReportConnectFailed, report_connect_failed)       \
  X(ReportHeld, report_held)                          \
  X(ReportResumed, report_resumed)                    \
  X(StartConsult, start_consult)                      \
  X(CompleteConsult, complete_consult)                \
  X(CancelConsult, cancel_consult)                    \
  X(ReportTreatmentDone, report_treatment_done)       \
  X(ReportCustomerInactive, report_customer_inactive) \
  X(ReportCustomerActive, report_customer_active)     \
  X(RequestCallback, request_callback)                \
  X(JoinConsult, join_consult)                        \
  X(LeaveConference, leave_conference)                \
  X(EndContact, end_contact)                          \
  X(Reconcile, reconcile)

#define ROUTERD_DESKTOP_METHODS(X)        \
  X(LogIn, log_in)                        \
  X(SetPresence, set_presence)            \
  X(SetBusyElsewhere, set_busy_elsewhere) \
  X(AcceptOffer, accept_offer)            \
  X(RejectOffer, reject_offer)            \
  X(EndWrapUp, end_wrap_up)               \
  X(ExtendWrapUp, extend_wrap_up)         \
  X(LogOut, log_out)

// Supervisors' actions; there is no session for them, hence no field.
#define ROUTERD_OPERATIONS_ACTIONS(X) \
  X(SetAgentState, )                  \
  X(SetAgentSkills, )                 \
  X(SetContactPriority, )             \
  X(MoveContact, )                    \
  X(RemoveContact, )                  \
  X(SetQueueMode, )                   \
  X(MoveQueue, )

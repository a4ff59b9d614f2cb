// Precompiled for the targets that speak gRPC; see routerd_speaks_grpc in the top CMakeLists.txt.
// No file includes it by name: each names what it uses, and builds without precompiled headers too.
#pragma once

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <variant>
#include <vector>

#include "routerd/v1/agent_desktop.grpc.pb.h"
#include "routerd/v1/contact_gateway.grpc.pb.h"
#include "routerd/v1/events.grpc.pb.h"
#include "routerd/v1/operations.grpc.pb.h"

/* SPDX-License-Identifier: Apache-2.0
 *
 * Requests about the two ledgers and about what is kept (doc/spec/control.md, "The exchange"). Private to the layer.
 */
#ifndef NODE_REQUESTS_KEEP_H
#define NODE_REQUESTS_KEEP_H

#include "node/request.h"

node_request_run node_request_reconcile, node_request_retention, node_request_evidence;

#endif

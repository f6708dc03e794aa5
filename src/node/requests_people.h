/* SPDX-License-Identifier: Apache-2.0
 *
 * Requests about compartments and one's own persons (doc/spec/control.md, "Persons"). Private to the layer.
 */
#ifndef NODE_REQUESTS_PEOPLE_H
#define NODE_REQUESTS_PEOPLE_H

#include "node/request.h"

node_request_run node_request_compartments, node_request_record, node_request_records, node_request_match_hits;

#endif

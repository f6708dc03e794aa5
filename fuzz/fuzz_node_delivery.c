/* SPDX-License-Identifier: Apache-2.0
 *
 * A delivery that is read to its end is written as the same bytes, parcel by parcel.
 */
#include "node/message.h"

#include "base/cursor.h"
#include "ledger/note.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct base_cursor in = base_cursor_over(base_bytes_of(data, size));
    struct base_buffer again = BASE_BUFFER_EMPTY;
    struct node_parcel parcel;
    enum base_code code = BASE_OK;
    while (code == BASE_OK && in.left > 0) {
        code = node_parcel_next(&in, &parcel);
        if (code != BASE_OK)
            break;
        if (parcel.note.len > LEDGER_NOTE_MAX || parcel.content.len > EXCHANGE_CONTENT_MAX)
            abort();
        if ((parcel.beside == NODE_PARCEL_CONTENT) != (parcel.salt.len == EXCHANGE_SALT_LEN))
            abort();
        if (node_parcel_put(&parcel, &again) != BASE_OK)
            abort();
    }
    if (code == BASE_OK && !base_bytes_equal(base_bytes_of(data, size), base_bytes_buffer(&again)))
        abort();
    base_buffer_release(&again);
    return 0;
}

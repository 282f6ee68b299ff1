/* SPDX-License-Identifier: MIT */
#pragma once

/* The Source Lab for C, and through introspection (NestlingLab-0) for Python, gjs and others.
 *
 * Times are nanoseconds of the lab's time, from 0 on. Callbacks run on the lab's thread, but for those of
 * nestling_lab_on_thread(), nestling_lab_on_owner_thread() and of subjects that post. A callback must not throw. */

#include <nestling-lab/c-types.h>
/* These use the types of the one above. */
#include <nestling-lab/c-kit.h>
#include <nestling-lab/c-lab.h>
#include <nestling-lab/c-record.h>
#include <nestling-lab/c-script.h>
#include <nestling-lab/c-seen.h>
#include <nestling-lab/c-step.h>
#include <nestling-lab/c-verify.h>

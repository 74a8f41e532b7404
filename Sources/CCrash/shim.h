#pragma once
#include "record.h"
#include "line.h"
#include "handler.h"

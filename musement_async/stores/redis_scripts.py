"""Lua scripts that Redis runs, each in one step."""

# A hold's number is greater than the numbers of all earlier holds: it is the time in microseconds, or the last number
# plus one. So it still grows if the clock is set back, or if Redis loses its data. Lua's numbers hold it exactly, but
# need a format to print it. A value of another type under a key is removed, and an impossible number is ignored.
_NUMBER = """
local function clear(key, kind)
    local found = redis.call('TYPE', key)['ok']
    if found ~= kind and found ~= 'none' then redis.call('DEL', key) end
end
local function last_number(key)
    clear(key, 'hash')
    local last = tonumber(redis.call('HGET', key, 'number') or '0')
    if last and last >= 0 and last < 2^53 then return last end
    return 0
end
local function number(key)
    local time = redis.call('TIME')
    local last = last_number(key)
    return string.format('%.0f', math.max(time[1] * 1000000 + time[2], last + 1))
end
"""
# If the first answer was lost and the holder asks again, it has the lock.
ACQUIRE = f"""{_NUMBER}
clear(KEYS[1], 'string')
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return false end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return number(KEYS[2])
"""
# A lost lock is taken again, because a Redis that lost its data would let others in.
EXTEND = f"""{_NUMBER}
clear(KEYS[1], 'string')
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""
RELEASE = f"""{_NUMBER}
clear(KEYS[1], 'string')
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""
SAVE = f"""{_NUMBER}
local mine = ARGV[2]
if mine == '' then mine = number(KEYS[1]) end
if last_number(KEYS[1]) > tonumber(mine) then return 0 end
redis.call('HSET', KEYS[1], 'token', ARGV[1], 'number', mine)
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
"""

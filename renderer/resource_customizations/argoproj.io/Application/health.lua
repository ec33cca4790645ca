-- The health of an Application is that of its objects.
local health = obj.status and obj.status.health
if health == nil or health.status == nil then
  return { status = "Progressing", message = "waiting for the first sync" }
end
return { status = health.status, message = health.message or "" }

-- Healthy once every path of the spec is installed for the current generation, Degraded once a file has failed.
-- Ready alone is not sufficient: it can be True while no file is listed yet.

local function progressing(message)
  return { status = "Progressing", message = message }
end

-- gs://BUCKET/dir/file.yaml is dir/file.yaml.
local function path_of(file)
  local _, slash = string.find(file, "^gs://[^/]*/")
  if slash == nil then
    return file
  end
  return string.sub(file, slash + 1)
end

-- dir/* covers all files below dir/, any other path covers itself.
local function covers(wanted, path)
  if wanted == "*" or string.sub(wanted, -2) == "/*" then
    local folder = string.sub(wanted, 1, -2)
    return #path > #folder and string.sub(path, 1, #folder) == folder
  end
  return path == wanted
end

if obj.status == nil then
  return progressing("waiting for the first sync")
end

local generation = obj.metadata.generation
local current, ready = nil, false
for _, condition in ipairs(obj.status.conditions or {}) do
  if condition.type == "Ready" and generation ~= nil and condition.observedGeneration == generation then
    current = condition
    ready = ready or condition.status == "True"
  end
end
if current == nil then
  return progressing("waiting for a sync of the current generation")
end

local files = obj.status.managedAllowlistStatus or {}
for _, file in ipairs(files) do
  if file.phase == "Failed" then
    return { status = "Degraded", message = file.filePath .. " failed: " .. (file.lastError or "no reason given") }
  end
end
if not ready then
  return progressing("not ready: " .. (current.message or "no reason given"))
end

local paths = obj.spec.allowlistPaths or {}
if #paths == 0 then
  return progressing("spec.allowlistPaths lists no path")
end
for _, wanted in ipairs(paths) do
  local found = false
  for _, file in ipairs(files) do
    if covers(wanted, path_of(file.filePath)) then
      if file.phase ~= "Installed" then
        return progressing(file.filePath .. " is " .. tostring(file.phase) .. ": " .. (file.lastError or "no reason given"))
      end
      found = true
    end
  end
  if not found then
    return progressing("waiting for " .. wanted)
  end
end
return { status = "Healthy", message = "all allowlists are installed" }

-- What a person does in Neovim, with `folder` to do it in. Any error ends the editor with status 1.

-- Neovim before 0.8 has the two halves of this function.
vim.lsp.start = vim.lsp.start or function(configuration)
  local client = vim.lsp.start_client(configuration)
  vim.lsp.buf_attach_client(0, client)
end

local function fail(what)
  io.stderr:write(what .. '\n')
  vim.cmd('cquit 1')
end

local function await(what, condition)
  if not vim.wait(30000, condition, 50) then fail('it never came: ' .. what) end
end

-- The answer to a question about a place, counted from 0.
local function ask(method, line, character)
  local parameters = {textDocument = vim.lsp.util.make_text_document_params()}
  if line then parameters.position = {line = line, character = character} end
  local answers = vim.lsp.buf_request_sync(0, 'textDocument/' .. method, parameters, 30000)
  for _, answer in pairs(answers or {}) do
    if answer.error then fail(method .. ': ' .. vim.inspect(answer.error)) end
    return answer.result
  end
  fail(method .. ': no answer')
end

local passed, problem = pcall(function()
  dofile(folder .. '/page.lua')
  vim.cmd('edit ' .. folder .. '/profiles.d/app.yml')

  await('a diagnostic', function() return #vim.diagnostic.get(0) > 0 end)
  local diagnostic = vim.diagnostic.get(0)[1]
  assert(diagnostic.lnum == 2 and diagnostic.col == 2, vim.inspect(diagnostic))
  assert(diagnostic.message:find("did you mean 'commands'", 1, true), diagnostic.message)

  vim.api.nvim_buf_set_lines(0, 2, 3, true, {})
  await('its end', function() return #vim.diagnostic.get(0) == 0 end)

  local hover = ask('hover', 3, 6).contents.value
  assert(hover:find('critical `address`', 1, true), hover)

  local found = false
  for _, item in ipairs(ask('completion', 4, 4)) do found = found or item.label == 'SETEVENTS' end
  assert(found, 'no SETEVENTS')

  local edits = ask('formatting')
  vim.lsp.util.apply_text_edits(edits, 0, 'utf-16')
  assert(#ask('formatting') == 0, 'formatting twice changes something')
end)
if not passed then fail(tostring(problem)) end
io.stderr:write('all 5 questions are answered\n')
vim.cmd('quitall!')

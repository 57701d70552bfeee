namespace Penstock.Simulator.OpenAi;

internal sealed record ToolCall(string Id, string Name, string Arguments);

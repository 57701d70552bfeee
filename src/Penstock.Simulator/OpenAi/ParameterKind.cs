namespace Penstock.Simulator.OpenAi;

/// <summary>What a parameter's value may be. Null always stands for "not given".</summary>
internal enum ParameterKind
{
    Text,
    Flag,
    Integer,
    Number,
    List,
    Map,
    TextOrList,
    TextOrMap,
}

namespace Penstock.Fuzz.Tests.Running;

/// <summary>What is fed to one piece of code, and what must hold of it for every input.</summary>
/// <param name="Create">An input. The same dice give the same input.</param>
/// <param name="Check">Throws when something does not hold.</param>
/// <param name="Shrink">Smaller forms of an input, boldest first; each as valid as the input.</param>
/// <param name="Show">An input as a person can read it.</param>
/// <param name="Inputs">How many belong to the short slice.</param>
internal sealed record FuzzTarget<T>(Func<Dice, T> Create, Func<T, Task> Check, Func<T, IEnumerable<T>> Shrink, Func<T, string> Show, int Inputs)
    where T : class
{
    public FuzzTarget(Func<Dice, T> create, Action<T> check, Func<T, IEnumerable<T>> shrink, Func<T, string> show, int inputs)
        : this(
            create,
            input =>
            {
                check(input);
                return Task.CompletedTask;
            },
            shrink,
            show,
            inputs)
    {
    }

    /// <summary>Runs the short slice, or as long as the environment asks for. The first input that fails is made small and reported.</summary>
    public Task RunAsync() => new FuzzRun<T>(this).RunAsync();
}

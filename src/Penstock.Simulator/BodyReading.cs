namespace Penstock.Simulator;

/// <summary>How a request body is taken in before the answer is given.</summary>
internal enum BodyReading
{
    Whole,

    /// <summary>Answered as soon as the head is there; the body is read and dropped afterwards.</summary>
    AfterTheAnswer,
}

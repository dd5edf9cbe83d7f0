namespace Sharing.Swarm;

/// <summary>Something that will happen.</summary>
/// <param name="At">When, in seconds.</param>
/// <param name="Order">Of what happens at the same time, the smaller comes first.</param>
/// <param name="What">What it is.</param>
/// <param name="Who">Whom it happens to.</param>
/// <param name="With">A second number, whose meaning depends on what it is.</param>
readonly record struct Happening(double At, long Order, What What, int Who, int With)
{
    public bool IsBefore(in Happening other) => At < other.At || (At == other.At && Order < other.Order);
}

using Spectre.Console;

namespace Sharing.Admin;

/// <summary>Moves a progress bar by what is told.</summary>
sealed class Advance(ProgressTask task) : IProgress<long>
{
    public void Report(long value) => task.Increment(value);
}

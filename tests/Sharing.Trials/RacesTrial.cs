using Sharing.Core;
using Sharing.Testing;
using Sharing.Trials.Races;

namespace Sharing.Trials;

/// <summary>Writers, removers, sweeps and uploads at once: orders of their steps by chance, longer than those that are tried exhaustively; a writer and a sweep that stand still
/// in the middle while others go on; 64 uploads for the room of 10 (rows C1, C2, C4, C7).</summary>
sealed class RacesTrial : ITrial
{
    const int Orders = 1000;
    const int Races = 10;

    public string Name => "races";

    public int Count => 100;

    public async Task<TrialOutcome> RunAsync(int trial, Random random, CancellationToken cancellationToken)
    {
        var beginning = Enum.GetValues<ReferenceCourse.Beginning>()[trial % 3];
        await Interleaving.SampleAsync(turns => ReferenceCourse.WriterAndSweepsAsync(turns, beginning, sweeps: 4, everyCall: true), Orders, random.Next(), cancellationToken);
        await Interleaving.SampleAsync(turns => ReferenceCourse.RemoverWriterAndSweepsAsync(turns, sweeps: 4), Orders, random.Next(), cancellationToken);
        string? failure, at;
        await using (var held = new HeldCourse(random))
        {
            (failure, at) = await held.WriterAsync(random, cancellationToken);
        }

        await using (var held = new HeldCourse(random))
        {
            failure ??= await held.SweepAsync(random, cancellationToken);
        }

        await Interleaving.SampleAsync(static turns => RoomCourse.RunAsync(turns, racers: 64, places: 10), Races, random.Next(), cancellationToken);
        return new(failure, new() { ["orders"] = 2 * Orders, ["writerHeldAt"] = at });
    }
}

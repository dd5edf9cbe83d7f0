using Microsoft.Extensions.Options;
using Sharing.Core;
using Sharing.Testing;
using Sharing.Tests.Child;

namespace Sharing.Trials.Races;

/// <summary>64 uploads race for the room of 10.</summary>
static class RoomCourse
{
    const int Length = 1000;

    /// <returns>What is wrong, or <c>null</c>.</returns>
    public static async Task<string?> RunAsync(IRecordStore records, CancellationToken cancellationToken)
    {
        var (anna, clock, store) = (PersonId.Parse("anna"), new FakeTimeProvider(), new MemoryContentStore());
        var options = Options.Create(new UploadOptions { SpacePerPerson = 10 * Length });
        var space = new SpaceLedger(records, options);
        var uploads = new Uploads(records, store, space, [new KeptThings(new(records, store, clock))], options, clock);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(
            async () =>
            {
                try
                {
                    await uploads.CreateAsync(anna, "things", new(Length, UploadMetadata.Empty), cancellationToken);
                    return "in";
                }
                catch (SharingException problem)
                {
                    return problem.Code;
                }
            },
            cancellationToken)));
        var (entered, refused) = (outcomes.Count(outcome => outcome == "in"), outcomes.Count(outcome => outcome == ProblemCodes.QuotaExceeded));
        var (used, begun, ledgers) = (await space.UsedAsync(anna), await CountAsync("upload"), await CountAsync("space"));
        return (entered, refused, used, begun, ledgers) == (10, 54, 10 * Length, 10, 1) ? null : $"{entered} got in, {refused} were refused; {used} bytes are used by {begun} uploads in {ledgers} ledgers.";

        async Task<int> CountAsync(string kind) => await records.ScanAsync(RecordRange.Under(kind), cancellationToken).CountAsync(cancellationToken);
    }
}

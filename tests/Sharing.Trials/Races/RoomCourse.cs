using Microsoft.Extensions.Options;
using Sharing.Core;
using Sharing.Testing;
using Sharing.Tests.Child;

namespace Sharing.Trials.Races;

/// <summary>Uploads race for room: 64 for that of 10, say. They take turns at every call of the records.</summary>
static class RoomCourse
{
    const int Length = 1000;

    public static async Task RunAsync(Interleaving turns, int racers, int places, IRaceGround? ground = null)
    {
        ground ??= MemoryGround.Only;
        var (anna, clock, plan) = (PersonId.Parse("anna"), new FakeTimeProvider(), new FaultPlan());
        var records = new FaultyRecordStore(await ground.ClearAsync(), plan);
        var store = ground.Open(records, clock);
        var options = Options.Create(new UploadOptions { SpacePerPerson = places * Length });
        var space = new SpaceLedger(records, options);
        var uploads = new Uploads(records, store, space, [new KeptThings(new(records, store, clock))], options, clock);
        var outcomes = new List<string>();
        plan.Visit = name => name is "records.get" or "records.commit" ? turns.StepAsync(name) : Task.CompletedTask;
        await turns.RunAsync([.. Enumerable.Range(0, racers).Select(racer => ($"upload {racer}", (Func<Task>)RaceAsync))]);
        var (entered, refused) = (outcomes.Count(outcome => outcome == "in"), outcomes.Count(outcome => outcome == ProblemCodes.QuotaExceeded));
        var (used, begun, ledgers) = (await space.UsedAsync(anna), await CountAsync("upload"), await CountAsync("space"));
        if ((entered, refused, used, begun, ledgers) != (places, racers - places, places * Length, places, 1))
        {
            throw new InvalidOperationException($"{entered} got in, {refused} were refused; {used} bytes are used by {begun} uploads in {ledgers} ledgers.");
        }

        async Task RaceAsync()
        {
            try
            {
                await uploads.CreateAsync(anna, "things", new(Length, UploadMetadata.Empty));
                outcomes.Add("in");
            }
            catch (SharingException problem)
            {
                outcomes.Add(problem.Code);
            }
        }

        async Task<int> CountAsync(string kind) => await records.ScanAsync(RecordRange.Under(kind)).CountAsync();
    }
}

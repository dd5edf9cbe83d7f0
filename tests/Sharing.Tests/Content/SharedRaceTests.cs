using Microsoft.Extensions.Options;
using Sharing.Core;
using Sharing.Testing;
using Sharing.Tests.Child;
using Sharing.Tests.Records;
using Sharing.Trials.Races;

namespace Sharing.Tests.Content;

/// <summary>The races of writers, removers, sweeps and uploads again, with the records in PostgreSQL and the contents in S3.</summary>
public sealed class SharedRaceTests(PostgresFixture postgres)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    async Task<SharedGround> GroundAsync(int hosts = 1) => await SharedGround.StartAsync(await postgres.PlaceAsync(), hosts);

    [Theory(Timeout = 300_000)]
    [InlineData("Nothing")]
    [InlineData("Orphan")]
    [InlineData("CondemnedLongAgo")]
    public Task A_writer_who_sleeps_between_any_steps_of_a_sweep_loses_nothing(string beginning) =>
        WriterAndSweepAsync(beginning, course => Interleaving.SampleAsync(course, 1_000, seed: 1, Cancel));

    /// <summary>Nearly 40,000 orders: seven minutes, so not in each run.</summary>
    [Theory(Timeout = 3_600_000)]
    [Trait("Category", "Full")]
    [InlineData("Nothing")]
    [InlineData("Orphan")]
    [InlineData("CondemnedLongAgo")]
    public Task In_every_order_of_their_steps_a_writer_who_sleeps_and_a_sweep_lose_nothing(string beginning) =>
        WriterAndSweepAsync(beginning, static async course => TestContext.Current.TestOutputHelper?.WriteLine(
            $"{await Interleaving.AllAsync(course, cancellationToken: Cancel)} orders"));

    async Task WriterAndSweepAsync(string beginning, Func<Func<Interleaving, Task>, Task> run)
    {
        await using var ground = await GroundAsync();
        var (began, committed) = (Enum.Parse<ReferenceCourse.Beginning>(beginning), 0);
        await run(turns => ReferenceCourse.WriterAndSweepsAsync(turns, began, sweeps: 1, everyCall: true, () => committed++, ground));
        Assert.True(committed > 5, $"The writer got through {committed} times only.");
    }

    [Fact(Timeout = 300_000)]
    public async Task The_last_reference_may_go_while_another_is_made_and_the_sweep_runs()
    {
        await using var ground = await GroundAsync();
        var orders = await Interleaving.AllAsync(turns => ReferenceCourse.RemoverWriterAndSweepsAsync(turns, sweeps: 1, ground));
        TestContext.Current.TestOutputHelper?.WriteLine($"{orders} orders");
    }

    [Fact(Timeout = 300_000)]
    public async Task A_sweep_whose_lease_is_taken_over_at_any_moment_changes_no_record_from_there_on()
    {
        await using var ground = await GroundAsync();
        var orders = await Interleaving.AllAsync(turns => ReferenceCourse.LostLeaseAsync(turns, ground));
        TestContext.Current.TestOutputHelper?.WriteLine($"{orders} orders");
    }

    [Fact(Timeout = 300_000)]
    public async Task A_sweep_that_slept_beyond_its_lease_takes_nothing_that_came_meanwhile()
    {
        await using var ground = await GroundAsync();
        await Interleaving.SampleAsync(turns => ReferenceCourse.TwoSweepersAsync(turns, ground), 400, seed: 1, Cancel);
    }

    [Fact(Timeout = 300_000)]
    public async Task A_writer_or_a_sweep_that_stands_still_loses_nothing_and_is_refused_by_its_fence()
    {
        await using var ground = await GroundAsync();
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            await using (var held = new HeldCourse(random, (await ground.ClearAsync(), ground)))
            {
                var (failure, at) = await held.WriterAsync(random, Cancel);
                Assert.True(failure is null, $"{seed}, held at {at}: {failure}");
            }

            await using (var held = new HeldCourse(random, (await ground.ClearAsync(), ground)))
            {
                Assert.Null(await held.SweepAsync(random, Cancel));
            }
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task In_whatever_order_they_race_for_room_as_many_get_in_as_there_are_places()
    {
        await using var ground = await GroundAsync();
        Assert.InRange(await Interleaving.AllAsync(turns => RoomCourse.RunAsync(turns, racers: 2, places: 1, ground), cancellationToken: Cancel), 2, int.MaxValue);
    }

    [Fact(Timeout = 120_000)]
    public async Task Of_60_that_race_for_the_room_of_10_from_three_hosts_exactly_10_get_in()
    {
        await using var ground = await GroundAsync(hosts: 3);
        for (var round = 0; round < 5; round++)
        {
            await ground.ClearAsync();
            var (anna, clock, options) = (PersonId.Parse("anna"), new FakeTimeProvider(), Options.Create(new UploadOptions { SpacePerPerson = 10_000 }));
            var spaces = ground.Hosts.Select(host => new SpaceLedger(host, options)).ToList();
            var uploads = ground.Hosts.Select((host, i) => ground.Open(host, clock) is var store
                ? new Core.Uploads(host, store, spaces[i], [new KeptThings(new(host, store, clock))], options, clock) : null!).ToList();
            var got = await Task.WhenAll(Enumerable.Range(0, 60).Select(racer => Task.Run(async () =>
            {
                try
                {
                    await uploads[racer % 3].CreateAsync(anna, "things", new(1_000, UploadMetadata.Empty), Cancel);
                    return "in";
                }
                catch (SharingException problem)
                {
                    return problem.Code;
                }
            }, Cancel)));
            Assert.Equal(10, got.Count(static one => one == "in"));
            Assert.All(got, static one => Assert.True(one is "in" or ProblemCodes.QuotaExceeded, one));
            var used = await Task.WhenAll(spaces.Select(space => space.UsedAsync(anna, Cancel).AsTask()));
            Assert.All(used, static bytes => Assert.Equal(10_000, bytes));
        }
    }
}

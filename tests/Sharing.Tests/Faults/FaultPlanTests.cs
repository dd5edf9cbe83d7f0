using System.Net;
using System.Text;
using Sharing.Core;
using Sharing.Testing;

namespace Sharing.Tests.Faults;

public sealed class FaultPlanTests
{
    static readonly RecordKey s_key = RecordKey.Of("thing", "1");

    readonly FakeTimeProvider _time = new();
    readonly FaultPlan _plan;
    readonly FaultyRecordStore _records;
    readonly FaultyContentStore _store;

    public FaultPlanTests()
    {
        _plan = new(_time);
        _records = new(new MemoryRecordStore(), _plan);
        _store = new(new MemoryContentStore(), _plan);
    }

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_fault_happens_at_the_call_that_was_named_and_so_often()
    {
        _plan.Add("records.get", Fault.Failing(), nth: 2, times: 2);
        Assert.Equal("ok bad bad ok", string.Join(' ', await OutcomesAsync(4)));
        Assert.Equal(4, _plan.CountOf("records.get"));
        _plan.Add("records.*", Fault.Failing(() => new TimeoutException()), times: int.MaxValue);
        await Assert.ThrowsAsync<TimeoutException>(async () => await _records.GetAsync(s_key, Cancel));
        await Assert.ThrowsAsync<TimeoutException>(CommitAsync);
        _plan.Clear();
        await CommitAsync();
    }

    [Fact]
    public async Task Chance_comes_again_with_its_seed()
    {
        _plan.AddByChance("records.get", Fault.Failing(), 0.5, 3);
        var first = await OutcomesAsync(40);
        _plan.Clear();
        _plan.AddByChance("records.get", Fault.Failing(), 0.5, 3);
        Assert.Equal(first, await OutcomesAsync(40));
        Assert.Contains("ok", first);
        Assert.Contains("bad", first);
        Assert.Empty(_plan.Unspent);
    }

    [Fact]
    public async Task What_fails_did_not_happen_and_what_loses_its_answer_did()
    {
        _plan.Add("records.commit", Fault.Failing());
        await Assert.ThrowsAsync<IOException>(CommitAsync);
        Assert.Null(await _records.GetAsync(s_key, Cancel));
        _plan.Add("records.commit", Fault.LosingAnswer());
        await Assert.ThrowsAsync<IOException>(CommitAsync);
        Assert.NotNull(await _records.GetAsync(s_key, Cancel));
    }

    [Fact]
    public async Task Bytes_are_torn_in_the_middle_or_have_a_bit_turned()
    {
        var bytes = Enumerable.Repeat((byte)7, 10).ToArray();
        await using var partial = await _store.OpenPartialAsync("torn", Cancel);
        _plan.Add("partial.write", Fault.Tearing()).Add("partial.write", Fault.Corrupting());
        await Assert.ThrowsAsync<IOException>(async () => await partial.WriteAsync(ContentArea.Data, 0, bytes, Cancel));
        var read = new byte[20];
        Assert.Equal(5, await partial.ReadAsync(ContentArea.Data, 0, read, Cancel));
        await partial.WriteAsync(ContentArea.Data, 0, bytes, Cancel);
        Assert.Equal(10, await partial.ReadAsync(ContentArea.Data, 0, read, Cancel));
        Assert.Single(read.Take(10), value => value != 7);
        Assert.All(bytes, value => Assert.Equal(7, value));
    }

    [Fact]
    public async Task A_delay_goes_by_the_plans_clock_and_what_comes_first_comes_first()
    {
        _plan.Add("records.commit", Fault.Delaying(TimeSpan.FromMinutes(1)));
        var late = CommitAsync();
        Assert.False(late.IsCompleted);
        _time.Advance(TimeSpan.FromMinutes(1));
        await late;

        Record? between = null;
        _plan.Add("records.get", Fault.After(async () => between = await _records.GetAsync(s_key, Cancel)));
        Assert.NotNull(await _records.GetAsync(s_key, Cancel));
        Assert.NotNull(between);
    }

    [Fact]
    public async Task A_plan_that_cannot_be_carried_out_or_was_not_is_said()
    {
        _plan.Add("records.commit", Fault.Tearing()).Add("records.never", Fault.Failing());
        await Assert.ThrowsAsync<InvalidOperationException>(CommitAsync);
        Assert.Equal(["records.never: Failing"], _plan.Unspent);
    }

    [Fact]
    public async Task Named_steps_are_operations_too()
    {
        using var listening = _plan.ListenToSteps();
        _plan.Add("step.sweep.adopted", Fault.Failing());
        var references = new ContentReferences(_records, _store, _time);
        await _store.PutAsync(new MemoryStream(new byte[10]), cancellationToken: Cancel);
        await Assert.ThrowsAsync<IOException>(() => references.SweepAsync(_ => { }, cancellationToken: Cancel));
        Assert.Equal(1, _plan.CountOf("step.sweep.adopted"));
    }

    [Fact]
    public async Task Every_call_is_visited_before_and_after_it()
    {
        List<string> visits = [];
        _plan.Visit = name =>
        {
            visits.Add(name);
            return Task.CompletedTask;
        };
        _plan.Add("records.get", Fault.Failing(), nth: 2);
        await OutcomesAsync(2);
        Assert.Equal(["records.get", "records.get-done", "records.get"], visits);
    }

    [Fact]
    public async Task An_answer_over_HTTP_breaks_off_in_the_middle()
    {
        using var client = new HttpClient(new FaultyHttpHandler(_plan, new Answering()));
        Assert.Equal("abcdef", await client.GetStringAsync(new Uri("http://example/"), Cancel));
        _plan.Add("http.read", Fault.Tearing());
        await Assert.ThrowsAnyAsync<Exception>(() => client.GetStringAsync(new Uri("http://example/"), Cancel));
        _plan.Add("http.read", Fault.Corrupting());
        Assert.NotEqual("abcdef", await client.GetStringAsync(new Uri("http://example/"), Cancel));
        _plan.Add("http.send", Fault.Failing(() => new HttpRequestException("away")));
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(new Uri("http://example/"), Cancel));
    }

    Task CommitAsync() => _records.CommitAsync(new RecordBatch().Put(s_key, "{}"u8.ToArray(), RecordBatch.Any), Cancel).AsTask();

    async Task<List<string>> OutcomesAsync(int calls)
    {
        List<string> outcomes = [];
        for (var i = 0; i < calls; i++)
        {
            try
            {
                await _records.GetAsync(s_key, Cancel);
                outcomes.Add("ok");
            }
            catch (IOException)
            {
                outcomes.Add("bad");
            }
        }

        return outcomes;
    }

    sealed class Answering : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("abcdef", Encoding.UTF8) });
    }
}

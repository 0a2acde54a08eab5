package io.varve.appliance.blackbox;

import org.junit.jupiter.api.Test;

import java.io.IOException;

import static org.assertj.core.api.Assertions.assertThat;

/** Stores of the configuration file over starts of the appliance, with their disk there and not there. */
@RequiresBtrfs
class StoresAtBootIT {
    private static final String STORE = "/api/v1/stores/data";
    private static final String VOLUME = STORE + "/volumes/shop";

    @Test
    void aStoreWhoseDiskIsNotMountedWaitsForItAndNothingIsMadeBelow() throws IOException, InterruptedException {
        try (LoopImage image = LoopImage.btrfs(256);
                Appliance appliance = new Appliance()) {
            appliance
                    .configured("stores: [{name: data, root: " + image.path() + "/root}]")
                    .start();
            appliance.api().post(STORE + "/volumes", "{'name':'shop'}").expect(201);
            assertThat(appliance.terminate()).isZero();
            image.vanish();

            appliance.start();
            Reply closed = appliance.api().get(STORE).expect(200);
            assertThat(closed.text("state")).isEqualTo("CLOSED");
            assertThat(closed.text("reason")).contains("Mount its filesystem");
            appliance.api().get("/q/health/ready").expect(503);
            appliance.api().get(STORE + "/volumes").refused(409, "BAD_MOUNT");
            assertThat(Roots.everything(image.path())).containsExactly("");

            image.mount();
            long deadline = System.nanoTime() + 60_000_000_000L;
            while (appliance.api().get(STORE).text("state").equals("CLOSED") && System.nanoTime() < deadline) {
                Thread.sleep(200);
            }
            appliance.api().get(VOLUME).expect(200);
        }
    }

    @Test
    void aMisspeltPreviewChangesNothing() throws IOException {
        try (LoopImage image = LoopImage.btrfs(256);
                Appliance appliance = new Appliance()) {
            appliance
                    .configured("stores: [{name: data, root: " + image.path() + "/root}]")
                    .start();
            Api api = appliance.api();
            api.post(STORE + "/volumes", "{'name':'shop'}").expect(201);
            api.post(VOLUME + "/snapshots", "{'label':'one'}").expect(201);

            assertThat(api.delete(VOLUME + "?dryrun=true")
                            .refused(400, "REQUEST_INVALID")
                            .text("detail"))
                    .contains("'dryrun'", "known are dryRun, plan");
            api.delete(VOLUME + "?dryRun=").refused(400, "REQUEST_INVALID");
            api.delete(VOLUME + "/snapshots/one?dryrun=true").refused(400, "REQUEST_INVALID");
            api.send("POST", VOLUME + "/snapshots/one/rollback?dryRun=true", new byte[0])
                    .refused(400, "REQUEST_INVALID");
            assertThat(api.get(VOLUME + "/snapshots?limit=5").expect(200).items("label"))
                    .containsExactly("one");
            api.get(VOLUME + "/snapshots/one/files?path=").expect(200);
            assertThat(api.get("/api/v1/drivers?limit=1").expect(200).items("type"))
                    .hasSize(1);
            api.get("/api/v1/drivers?page=nonsense").refused(400, "REQUEST_INVALID");
        }
    }
}
